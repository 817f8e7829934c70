/** A store that works, but for the times when a test has it say "not now". */

import type { Saving, SearchStore } from '../../main/cruncher/run/search-store.ts';
import { StorageFault } from '../../main/cruncher/store/storage-fault.ts';
import type { SearchHome } from './paper-run.ts';
import { PAPER_FAULT, type PaperFault } from './paper-store.ts';

export class FaultyHome implements SearchHome {
  fault: PaperFault | null = null;
  /** Times that it said no. */
  refusals = 0;
  private readonly home: SearchHome;

  constructor(home: SearchHome) {
    this.home = home;
  }

  private refuse(): never {
    this.refusals++;
    throw new StorageFault(PAPER_FAULT);
  }

  save(saving: Saving): void {
    if (this.fault === 'save' || this.fault === 'questions') this.refuse();
    this.home.save(saving);
    if (this.fault === 'late') this.refuse();
  }

  hasPrime(id: string, decimal: string): boolean {
    return this.fault === 'questions' ? this.refuse() : this.home.hasPrime(id, decimal);
  }

  get cpuSecondsInAll(): number {
    return this.home.cpuSecondsInAll;
  }

  useSearch(...search: Parameters<SearchHome['useSearch']>): void {
    this.home.useSearch(...search);
  }

  search(id: string): ReturnType<SearchHome['search']> {
    return this.home.search(id);
  }

  setAside(id: string): ReturnType<SearchHome['setAside']> {
    return this.home.setAside(id);
  }

  survivors(id: string, block: number): ReturnType<SearchStore['survivors']> {
    return this.home.survivors(id, block);
  }

  saveSurvivors(...bitmap: Parameters<SearchStore['saveSurvivors']>): void {
    this.home.saveSurvivors(...bitmap);
  }

  forgetSurvivors(id: string, beforeBlock: number): void {
    this.home.forgetSurvivors(id, beforeBlock);
  }
}
