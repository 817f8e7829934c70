/** What passes between the cruncher and the thread that makes a backup. */

export interface BackupOrder {
  /** The store's file. */
  readonly source: string;
  /** Written first, and renamed when it is whole and on the disk. */
  readonly temporary: string;
  readonly target: string;
  /** One byte; not 0: stop, and leave nothing behind. */
  readonly stop: SharedArrayBuffer;
}

export type BackupOutcome =
  | { readonly type: 'made' }
  | { readonly type: 'stopped' }
  /** The store itself is damaged. */
  | { readonly type: 'damaged'; readonly what: string }
  | { readonly type: 'failed'; readonly why: string };
