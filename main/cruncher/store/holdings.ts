/**
 * What a cruncher holds of its directory: the lock, the store, the journal; and whether their names still lead to them.
 * Files that were deleted or replaced under us are written anew: the connection still reads the store that has no name
 * any more.
 */

import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { storeFileProblem } from './check.ts';
import { type Disk, type FileIdentity, sameFile } from './disk.ts';
import { Damage, Missing } from './faults.ts';
import { Generations } from './generations.ts';
import { Journal } from './journal.ts';
import { type DirectoryLock, lockDirectory, lockFile, type Owner } from './lock.ts';
import { storeFile } from './opening.ts';
import {
  asideFolder,
  newStoreFile,
  putInPlace,
  recover,
  recoverySentence,
  setFilesAside,
  storeFiles,
} from './recovery.ts';
import { StorageFault } from './storage-fault.ts';
import { Store } from './store.ts';

export interface HoldingsOptions {
  readonly directory: string;
  /** Taken by the caller; belongs to the holdings from now on. */
  readonly lock: DirectoryLock;
  readonly owner: Owner;
  readonly tell: (sentence: string) => void;
  readonly disk: Disk;
  readonly now: () => Date;
}

/** How every database of SQLite begins. */
const MAGIC = 'SQLite format 3\0';
/** Bytes that are copied at once. */
const CHUNK = 1 << 20;

export class Holdings {
  readonly generations: Generations;
  private readonly options: HoldingsOptions;
  private lock: DirectoryLock | null;
  private lockIdentity: FileIdentity | null;
  private opened: Store | null = null;
  private identity: FileIdentity | null = null;
  private logIdentity: FileIdentity | null = null;
  /** Of the directory, where the store was last. */
  private device: number | null;
  private journal: Journal | null = null;
  /** An open file with all of the store, while a new one is put in its place. */
  private copy: number | null = null;
  /** The next use of the store writes it anew: what was written cannot be trusted to be on the disk. */
  private distrusted = false;
  /** Something in the directory is not what it was: the store may have been written by others, the backups be gone. */
  unsettled = false;

  constructor(options: HoldingsOptions) {
    this.options = options;
    this.lock = options.lock;
    this.lockIdentity = options.disk.identity(lockFile(options.directory));
    this.device = deviceOf(options.directory, options.disk);
    this.generations = new Generations(options.directory, options.disk);
  }

  /** The store, opened when it is not. @throws Damage, StoreProblem, or what the system throws */
  get store(): Store {
    if (this.opened !== null) return this.opened;
    const { directory, disk } = this.options;
    if (this.copy !== null && disk.identity(storeFile(directory)) === null) this.putCopyInPlace(this.copy);
    const there = disk.identity(storeFile(directory));
    if (there === null) throw new Missing();
    if (this.identity !== null && !sameFile(there, this.identity)) throw new Damage('replaced by something else');
    return this.begin();
  }

  /** Opens the store, or makes one where there is none. */
  begin(): Store {
    const { directory, disk } = this.options;
    const store = Store.open(directory, disk);
    this.opened = store;
    this.identity = null;
    this.logIdentity = null;
    this.remember();
    this.closeCopy();
    return store;
  }

  /**
   * Makes sure that lock, store and journal are where they were, or puts them there again.
   * @throws StorageFault when somebody else has the directory; Damage; or what the system throws
   */
  ensureInPlace(): { readonly store: Store; readonly journal: Journal } {
    this.requireDevice();
    this.ensureLock();
    this.ensureStore();
    return { store: this.store, journal: this.ensureJournal() };
  }

  /** After a saving: its files are as they should be. */
  remember(): void {
    const { directory, disk } = this.options;
    const [file, log] = storeFiles(directory) as [string, string];
    // Larger now, but the same; what was put there a moment ago is found at the next saving.
    this.identity = grown(this.identity, disk.identity(file));
    this.logIdentity = grown(this.logIdentity, disk.identity(log));
  }

  /** Begins journal `number`; what is saved from now on is in it. */
  beginJournal(number: number): Journal {
    const { disk } = this.options;
    const { generations } = this;
    disk.makeDirectory(generations.folder);
    const journal = new Journal(generations.journal(number), disk);
    this.journal?.close();
    this.journal = journal;
    disk.syncDirectory(generations.folder);
    return journal;
  }

  /** The disk said no: what cannot be trusted any more is let go of. */
  letGo({ distrusted, reopen }: { distrusted: boolean; reopen: boolean }): void {
    this.closeJournal();
    this.distrusted ||= distrusted;
    // One whose file has lost its name is all that there is.
    if (reopen && this.isNamed()) this.closeStore();
  }

  private isNamed(): boolean {
    const { directory, disk } = this.options;
    try {
      return sameFile(disk.identity(storeFile(directory)), this.identity);
    } catch {
      return false;
    }
  }

  /**
   * Sets the damaged store aside and restores it.
   * @param what it is: "damaged (…)", "missing"
   * @param redone what is done again, for the user
   */
  mend(what: string, redone: string): void {
    const { directory, disk, now, tell } = this.options;
    this.requireDevice();
    this.closeStore();
    this.closeJournal();
    this.identity = null;
    disk.makeDirectory(this.generations.folder);
    const recovery = recover(directory, this.generations, now(), disk);
    this.distrusted = false;
    this.unsettled = true;
    this.begin();
    tell(recoverySentence(directory, what, recovery, redone));
  }

  close(): void {
    this.closeJournal();
    this.closeStore();
    this.closeCopy();
    this.lock?.release();
    this.lock = null;
  }

  /**
   * A disk that was taken out leaves an empty directory on another one, or none. What was written there would be hidden
   * as soon as the disk is back.
   * @throws an error of the system, ENODEV
   */
  private requireDevice(): void {
    const { directory, disk } = this.options;
    const device = deviceOf(directory, disk);
    if (disk.identity(storeFile(directory)) !== null) this.device = device;
    else if (device !== this.device) throw Object.assign(new Error('its disk is not there'), { code: 'ENODEV' });
  }

  private ensureLock(): void {
    const { directory, owner, disk } = this.options;
    if (this.lock !== null && sameFile(disk.identity(lockFile(directory)), this.lockIdentity)) return;
    this.lock?.release();
    this.lock = null;
    disk.makeDirectory(directory);
    const taken = lockDirectory(directory, owner);
    if (!taken.ok) {
      const who = taken.owner === null ? 'another nice19' : `another nice19 (process ${taken.owner.pid})`;
      throw new StorageFault(
        `${who} has taken ${directory}, whose lock was removed; the search goes on in memory and tries again: stop one of the two`,
      );
    }
    this.lock = taken.lock;
    this.lockIdentity = disk.identity(lockFile(directory));
    this.unsettled = true;
  }

  private ensureStore(): void {
    const { directory, disk, tell, now } = this.options;
    if (this.opened === null) {
      void this.store;
    } else {
      const [file, log] = storeFiles(directory) as [string, string];
      const there = disk.identity(file);
      if (!sameFile(there, this.identity)) {
        const folder = asideFolder(directory, now(), disk);
        setFilesAside(directory, storeFiles(directory), folder, disk);
        this.rewrite();
        tell(
          there === null
            ? `the store in ${directory} was deleted while it was in use; it is written anew, with all it had`
            : `something else was put in the place of the store in ${directory}; that is set aside in ${folder}, and the store is written anew, with all it had`,
        );
      } else if (isShorter(there, this.identity)) {
        throw new Damage('cut short');
      } else if (Buffer.from(disk.head(file, MAGIC.length)).toString('latin1') !== MAGIC) {
        throw new Damage('overwritten');
      } else if (this.logIdentity !== null && !sameFile(disk.identity(log), this.logIdentity)) {
        this.rewrite();
        tell(
          `a file of the store in ${directory} was deleted while it was in use; the store is written anew, with all it had`,
        );
      } else if (isShorter(disk.identity(log), this.logIdentity)) {
        // SQLite would go on behind the hole, and work what it reads there into the store.
        throw new Damage('its log is cut short');
      }
    }
    if (this.distrusted) this.rewrite();
  }

  /**
   * Writes the whole store to a new file and puts that in its place.
   * @throws Damage when the connection does not read it as it was
   */
  private rewrite(): void {
    const { directory, disk, now } = this.options;
    const file = newStoreFile(directory);
    disk.makeDirectory(dirname(file));
    disk.remove(file);
    this.store.copyInto(file);
    const problem = storeFileProblem(file, disk);
    if (problem !== null) throw new Damage(`its copy is ${problem}`);
    // Should the directory be removed before the new store is open, this is all that there is.
    this.closeCopy();
    this.copy = openSync(file, 'r');
    // Closed, it empties and removes its log; but one without a name may be all that there is of the store.
    if (this.isNamed()) this.closeStore();
    // A log that stayed must not be taken for the new store's.
    setFilesAside(directory, storeFiles(directory).slice(1), asideFolder(directory, now(), disk), disk);
    putInPlace(directory, file, disk);
    this.closeStore();
    this.identity = disk.identity(storeFile(directory));
    this.distrusted = false;
    this.unsettled = true;
    this.begin();
  }

  /** The new store was removed before it was open. */
  private putCopyInPlace(copy: number): void {
    const { directory, disk } = this.options;
    const file = newStoreFile(directory);
    disk.makeDirectory(directory);
    disk.remove(file);
    const handle = disk.openToAppend(file);
    try {
      const chunk = Buffer.alloc(CHUNK);
      for (let at = 0, read = 0; ; at += read) {
        read = readSync(copy, chunk, 0, CHUNK, at);
        if (read === 0) break;
        disk.append(handle, chunk.subarray(0, read));
      }
    } finally {
      disk.close(handle);
    }
    putInPlace(directory, file, disk);
    this.identity = disk.identity(storeFile(directory));
  }

  private ensureJournal(): Journal {
    if (this.journal?.isInPlace) return this.journal;
    const newest = this.generations.journals().at(-1);
    // Gone while it was open: only a new backup has what it had.
    if (this.journal !== null || newest === undefined) this.unsettled = true;
    this.closeJournal();
    const isLatest = newest !== undefined && newest === this.generations.latest();
    return this.beginJournal(isLatest ? newest : this.generations.next());
  }

  private closeStore(): void {
    try {
      this.opened?.close();
    } catch {
      // It is set aside or opened anew; either way nothing more can be done with this connection.
    }
    this.opened = null;
  }

  private closeCopy(): void {
    if (this.copy !== null) closeSync(this.copy);
    this.copy = null;
  }

  private closeJournal(): void {
    try {
      this.journal?.close();
    } catch {
      // What was to be kept was synced, or is written again.
    }
    this.journal = null;
  }
}

/** The same file as it is now; what is another one or shorter is none of ours. */
const grown = (before: FileIdentity | null, now: FileIdentity | null): FileIdentity | null =>
  before === null || (sameFile(now, before) && !isShorter(now, before)) ? now : before;

/** SQLite takes nothing off a file that is in use. */
const isShorter = (now: FileIdentity | null, before: FileIdentity | null): boolean =>
  now !== null && before !== null && now.size < before.size;

/** The device of a directory, or of what it would be made in; null when there is nothing of that either. */
function deviceOf(directory: string, disk: Disk): number | null {
  for (let path = resolve(directory); ; path = dirname(path)) {
    const found = disk.identity(path);
    if (found !== null) return found.device;
    if (path === dirname(path)) return null;
  }
}
