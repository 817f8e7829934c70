/** A store on paper: it keeps what it was given through every crash, and says no when the test says so. */

import * as v from 'valibot';
import { type SearchState, SearchStateSchema } from '../../main/contract/checkpoint.ts';
import { type StoredPrime, StoredPrimeSchema } from '../../main/contract/prime-record.ts';
import type { SearchSpec } from '../../main/contract/search-spec.ts';
import type { Saving, SetAside } from '../../main/cruncher/run/search-store.ts';
import { StorageFault } from '../../main/cruncher/store/storage-fault.ts';
import type { StoredSearch } from '../../main/cruncher/store/store.ts';
import type { SearchHome } from './paper-run.ts';

/**
 * What goes wrong. `late`: everything is saved, and then the disk says that it is not, as after a failed sync.
 * `questions`: it cannot be read either.
 */
export type PaperFault = 'save' | 'late' | 'questions';

export const PAPER_FAULT = 'nothing can be saved: the disk is full; free some space';

export class PaperStore implements SearchHome {
  fault: PaperFault | null = null;
  /** Times that it was asked to save, and times that it did. */
  tries = 0;
  savings = 0;
  cpuSecondsInAll = 0;
  readonly #searches = new Map<string, StoredSearch>();
  readonly #primes: StoredPrime[] = [];
  readonly #decimals = new Set<string>();
  readonly #aside = new Map<string, SetAside>();
  readonly #bitmaps = new Map<number, { depth: number; bitmap: Uint8Array }>();

  useSearch(id: string, spec: SearchSpec, state: SearchState, at: string): void {
    if (!this.#searches.has(id)) this.#searches.set(id, { id, spec, state, savedAt: at });
  }

  search(id: string): StoredSearch | null {
    return this.#searches.get(id) ?? null;
  }

  latestSearch(): StoredSearch | null {
    return [...this.#searches.values()].at(-1) ?? null;
  }

  save({ id, state, finds, setAside = [], cpuSecondsInAll, at }: Saving): void {
    this.tries++;
    if (this.fault === 'save' || this.fault === 'questions') throw new StorageFault(PAPER_FAULT);
    const search = this.#searches.get(id);
    if (search === undefined) throw new Error(`expected a search ${id}`);
    // As text, so that nothing is shared and nothing gets in that a store could not keep.
    const kept = v.parse(SearchStateSchema, JSON.parse(JSON.stringify(state)));
    this.#searches.set(id, { ...search, state: kept, savedAt: at });
    for (const find of finds) {
      if (this.keeps(find.decimal)) continue;
      this.#primes.push(v.parse(StoredPrimeSchema, JSON.parse(JSON.stringify(find))));
      this.#decimals.add(find.decimal);
    }
    for (const candidate of setAside) this.#aside.set(`${candidate.block}:${candidate.offset}`, { ...candidate });
    this.cpuSecondsInAll = cpuSecondsInAll;
    this.savings++;
    if (this.fault === 'late') throw new StorageFault(PAPER_FAULT);
  }

  hasPrime(_id: string, decimal: string): boolean {
    if (this.fault === 'questions') throw new StorageFault(PAPER_FAULT);
    return this.keeps(decimal);
  }

  /** Whether it is kept, for a test to look at. */
  keeps(decimal: string): boolean {
    return this.#decimals.has(decimal);
  }

  primesOf(_id: string): StoredPrime[] {
    return [...this.#primes];
  }

  setAside(): SetAside[] {
    return [...this.#aside.values()];
  }

  survivors(_id: string, block: number): { depth: number; bitmap: Uint8Array } | null {
    return this.#bitmaps.get(block) ?? null;
  }

  saveSurvivors(_id: string, block: number, depth: number, bitmap: Uint8Array): void {
    this.#bitmaps.set(block, { depth, bitmap: new Uint8Array(bitmap) });
  }

  forgetSurvivors(_id: string, beforeBlock: number): void {
    for (const block of this.#bitmaps.keys()) if (block < beforeBlock) this.#bitmaps.delete(block);
  }
}
