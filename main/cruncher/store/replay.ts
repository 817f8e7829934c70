/**
 * Brings a store up to what the journals have. Replaying twice is replaying once: finds that are there are not added
 * again, and a state that is behind the store's is left out.
 *
 * A search's primes are always the first ones of a sequence, so a line that is missing must not be jumped over: an
 * entry that counts more primes than there are with it is not believed, and so on until the search itself has come
 * there again.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import { SEARCH_START } from '../run/search-identity.ts';
import type { Generations } from './generations.ts';
import { type JournalEntry, lastDigest, readJournal } from './journal.ts';
import type { Store } from './store.ts';

export interface Replayed {
  /** Entries taken over. */
  readonly entries: number;
  readonly damagedLines: number;
  /** Entries behind a gap. */
  readonly leftOut: number;
}

/** Entries in a transaction: one of its own for each would wait for the disk each time. */
const BATCH = 1000;

/** Whether a state is of an earlier moment of the same search. */
export function isBehind(state: SearchState, other: SearchState): boolean {
  const [a, b] = [state.position, other.position];
  if (a.block !== b.block) return a.block < b.block;
  if (a.index !== b.index) return a.index < b.index;
  return state.counters.cpuSeconds < other.counters.cpuSeconds;
}

/**
 * Every journal there is, also those before the backup: one made of a store that was behind, before an upgrade, has less
 * than its number says.
 */
export function replay(store: Store, generations: Generations): Replayed {
  const replaying = new Replaying(store);
  for (const number of generations.journals()) replaying.journal(generations.journal(number));
  return replaying;
}

/** Whether the journal may have something that the store has not: a crash came between the two, or the log is lost. */
export function isAheadOf(store: Store, generations: Generations): boolean {
  for (const number of generations.journals().reverse()) {
    const digest = lastDigest(generations.journal(number));
    if (digest !== null) return digest !== store.lastEntry;
  }
  return false;
}

class Replaying implements Replayed {
  entries = 0;
  damagedLines = 0;
  leftOut = 0;
  private readonly store: Store;
  /** Primes of lines that wait for the one with the state, which follows at once and is of the same moment. */
  private waiting: { readonly id: string; readonly at: string; readonly finds: StoredPrime[] } | null = null;
  /** Where the searches stand, so that they are not read again for each entry. */
  private readonly states = new Map<string, SearchState>();
  private current: string | null = null;

  constructor(store: Store) {
    this.store = store;
  }

  journal(path: string): void {
    const lines = readJournal(path);
    for (let done = false; !done; ) {
      this.store.transaction(() => {
        for (let k = 0; k < BATCH && !done; k++) {
          const next = lines.next();
          done = next.done === true;
          if (next.done) continue;
          if (next.value === null) this.damagedLines++;
          else this.take(next.value);
        }
      });
    }
    // A line whose end never came was never saved.
    this.waiting = null;
  }

  private take({ id, spec, state, finds, setAside, cpuSecondsInAll, verifiedAt, at }: JournalEntry): void {
    const { store, waiting } = this;
    const all = waiting?.id === id && waiting.at === at ? [...waiting.finds, ...finds] : finds;
    this.waiting = state === null ? { id, at, finds: [...all] } : null;
    if (state === null) return;
    const there = this.states.get(id) ?? store.search(id)?.state ?? null;
    // Equal: it is there already, or only its time has come.
    if (there !== null && isBehind(state, there)) {
      this.states.set(id, there);
      return;
    }
    const fresh = new Set(all.map(({ decimal }) => decimal).filter((decimal) => !store.hasPrime(id, decimal)));
    if (store.countPrimes(id) + fresh.size < state.counters.found) {
      this.leftOut++;
      return;
    }
    if (there === null || this.current !== id) store.insertSearch(id, spec, there === null ? SEARCH_START : state, at);
    this.current = id;
    const inAll = Math.max(store.cpuSecondsInAll, cpuSecondsInAll);
    store.write({ id, state, finds: all, setAside, cpuSecondsInAll: inAll, at }, verifiedAt);
    this.states.set(id, state);
    if (there === null || fresh.size > 0 || isBehind(there, state)) this.entries++;
  }
}
