/**
 * What is told of finds: on the desktop, by the policy of finds.ts; and to the windows that there are other primes than before,
 * seldom, with how many there are and which is the last.
 */

import type { Result } from '../contract/bridge.ts';
import { NEWEST_FIRST, type Page, type PageQuery, type PrimeSummary } from '../contract/library.ts';
import type { PrimeRecord } from '../contract/prime-record.ts';
import type { Settings } from '../contract/settings.ts';
import type { HostClock, Notifier } from './edges.ts';
import { type Announcements, announce, NO_ANNOUNCEMENTS } from './finds.ts';

export interface NewsOptions {
  readonly clock: HostClock;
  readonly notifier: Notifier;
  readonly notifications: () => Settings['notifications'];
  /** Whether any window would hear it. */
  readonly visible: () => boolean;
  /** Asks the library. */
  readonly page: (query: PageQuery) => Promise<Result<Page>>;
  readonly onPrimes: (total: number, last: PrimeSummary | null) => void;
}

/** Between two questions for the windows. */
const ASK_EVERY_MS = 2_000;
const NEWEST: PageQuery = { ...NEWEST_FIRST, offset: 0, limit: 1 };

export class News {
  readonly #options: NewsOptions;
  #announcements: Announcements = NO_ANNOUNCEMENTS;
  #cancel: (() => void) | null = null;

  constructor(options: NewsOptions) {
    this.#options = options;
  }

  found(record: PrimeRecord): void {
    const { clock, notifier, notifications, visible } = this.#options;
    const { after, notification } = announce(this.#announcements, record, notifications(), clock.steady());
    this.#announcements = after;
    if (notification !== null) notifier.show(notification);
    if (this.#cancel !== null || !visible()) return;
    this.#cancel = clock.after(ASK_EVERY_MS, () => {
      this.#cancel = null;
      void this.primesChanged();
    });
  }

  /** There are other primes than before. */
  async primesChanged(): Promise<void> {
    const { visible, page, onPrimes } = this.#options;
    if (!visible()) return;
    const newest = await page(NEWEST);
    if (newest.ok) onPrimes(newest.value.total, newest.value.rows[0] ?? null);
  }

  end(): void {
    this.#cancel?.();
  }
}
