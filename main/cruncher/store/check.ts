/** Checks a whole store: every page, every search and every prime. What a backup must pass before it is one. */

import { type Disk, realDisk } from './disk.ts';
import { faultOf } from './faults.ts';
import { StoreProblem } from './opening.ts';
import { Store } from './store.ts';

/**
 * @param file a store that nobody writes, or a backup
 * @param stopped asked now and then; the check then ends as if all were well
 * @returns what it is: "empty", "damaged (…)"; null when nothing is wrong
 * @throws what the disk says when the file cannot be read
 */
export function storeFileProblem(file: string, disk: Disk = realDisk, stopped = () => false): string | null {
  let store: Store | null = null;
  try {
    store = Store.openFile(file, disk);
    if (store === null) return 'empty';
    const problem = problemIn(store, stopped);
    return problem === null ? null : `damaged (${problem})`;
  } catch (error) {
    if (error instanceof StoreProblem) return error.message;
    const fault = faultOf(error);
    if (fault.kind === 'damage') return fault.what;
    throw error;
  } finally {
    store?.close();
  }
}

/** Primes between two questions whether to stop. */
const STRETCH = 1000;

function problemIn(store: Store, stopped: () => boolean): string | null {
  const page = store.fileProblem();
  if (page !== null) return page;
  const primes = new Map<string, number>();
  let [seen, shown] = [0, 0];
  for (const { number, prime, removedAt, mended } of store.everyPrime()) {
    if (mended) return `the digits of prime ${number} are not what was written`;
    primes.set(prime.searchId, (primes.get(prime.searchId) ?? 0) + 1);
    if (removedAt === null) shown++;
    if (++seen % STRETCH === 0 && stopped()) return null;
  }
  store.setAside();
  for (const { id } of store.searches()) {
    const [counted, there] = [store.countPrimes(id), primes.get(id) ?? 0];
    if (counted !== there) return `search ${id} has ${there} primes and counts ${counted}`;
  }
  const counted = store.countShown();
  if (counted !== shown) return `it shows ${shown} primes and counts ${counted}`;
  return searchesProblem(store);
}

/** What costs little however large the store is: every search is whole and has the primes that it counts. */
export function searchesProblem(store: Store): string | null {
  for (const { id, state } of store.searches()) {
    const there = store.countPrimes(id);
    if (there < state.counters.found) return `search ${id} found ${state.counters.found} primes and has ${there}`;
  }
  return null;
}
