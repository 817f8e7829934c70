/**
 * The vault: the store of a data directory as its cruncher uses it, with the journal and the backups that mend it. What
 * is saved is in the journal, on the disk, before the store's own transaction begins. A fault of the disk is said with
 * a `StorageFault`, and nothing has changed then; damage is mended on the spot, and told.
 */

import type { SearchState } from '../../contract/checkpoint.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { SEARCH_START } from '../run/search-identity.ts';
import type { Saving, SearchStore } from '../run/search-store.ts';
import { Backups } from './backups.ts';
import { type Disk, realDisk } from './disk.ts';
import { Damage, FAILING, faultOf, storageFault } from './faults.ts';
import { Holdings } from './holdings.ts';
import type { JournalEntry } from './journal.ts';
import type { DirectoryLock, Owner } from './lock.ts';
import { problemOf, storeFile } from './opening.ts';
import type { NumberedPrime } from './prime-rows.ts';
import { isBehind } from './replay.ts';
import { StorageFault } from './storage-fault.ts';
import type { Arrival, NamedSetAside, Store, StoredSearch } from './store.ts';
import { openStore } from './vault-opening.ts';

export interface VaultOptions {
  readonly directory: string;
  /** Taken for `owner`; the vault lets go of it when it is closed, and when it cannot be opened. */
  readonly lock: DirectoryLock;
  readonly owner: Owner;
  /** Hears in a sentence what was mended or could not be backed up. */
  readonly tell: (sentence: string) => void;
  /** For tests; the real ones if left out. */
  readonly disk?: Disk;
  /** Milliseconds that never go back. */
  readonly monotonic?: () => number;
  readonly now?: () => Date;
}

/**
 * The store has not what this search has built on. The search must begin again from what the store has: the cruncher
 * ends with this error, and whoever owns it starts it again.
 */
export class OutOfStep extends Error {
  override readonly name = 'OutOfStep';
}

/** Times that damage is mended on the way to one answer: more does not help, the disk is failing. */
const MENDINGS = 2;

export class Vault implements SearchStore {
  private readonly directory: string;
  private readonly tell: (sentence: string) => void;
  private readonly holdings: Holdings;
  private readonly backups: Backups;
  private readonly specs = new Map<string, SearchSpec>();
  /** Damage that a backup found. */
  private reported: string | null = null;
  private searching = false;
  private cpu = 0;

  /**
   * Opens the directory's store, making it, bringing it up to date or mending it as need be.
   * @throws StoreProblem when it is from a newer version (and unchanged), or the disk says no
   */
  static open(options: VaultOptions): Vault {
    try {
      return new Vault(options);
    } catch (error) {
      throw problemOf(error, options.directory) ?? error;
    }
  }

  private constructor(options: VaultOptions) {
    const { directory, tell, disk = realDisk, monotonic = () => performance.now(), now = () => new Date() } = options;
    this.directory = directory;
    this.tell = tell;
    this.holdings = new Holdings({ ...options, disk, now });
    try {
      const isNew = openStore(this.holdings, { directory, disk, tell });
      const { generations } = this.holdings;
      this.backups = new Backups(
        { store: storeFile(directory), generations, disk, isNew, monotonic, now: () => now().getTime() },
        {
          failed: (why) =>
            tell(`no backup of the store in ${directory} could be made: ${why}; it is tried again every hour`),
          damaged: (what) => {
            this.reported = what;
          },
        },
      );
      if (this.holdings.unsettled) this.backups.hasten();
      this.holdings.unsettled = false;
      this.cpu = this.holdings.store.cpuSecondsInAll;
    } catch (error) {
      this.holdings.close();
      throw error;
    }
  }

  /** Ends a backup that is being made, and lets go of everything. */
  async close(): Promise<void> {
    await this.backups.stop();
    this.holdings.close();
  }

  /** Resolves when no backup is being made. */
  async backupMade(): Promise<void> {
    await this.backups.idle();
  }

  /** @throws StorageFault; OutOfStep when somebody else has gone on with this search, or finds of it are lost */
  save(saving: Saving): void {
    this.attempt(() => {
      const { store, journal } = this.inPlace();
      this.requireContinuity(store, saving);
      const { id, state, finds, setAside = [], cpuSecondsInAll, at } = saving;
      const spec = this.specOf(store, id);
      const entry = journal.append({ id, spec, state, finds, setAside, cpuSecondsInAll, verifiedAt: at, at });
      store.save(saving, entry);
      this.saved(cpuSecondsInAll);
      if (this.backups.isDue(journal.size)) this.beginBackup();
    });
  }

  get cpuSecondsInAll(): number {
    return this.cpu;
  }

  /** Adds a search, or makes an existing one the one used last. Never overwrites a state. @throws StorageFault */
  useSearch(id: string, spec: SearchSpec, state: SearchState, at: string): void {
    this.attempt(() => {
      const { store, journal } = this.inPlace();
      const known = store.search(id);
      const entry = journal.append(this.entry({ id, spec, state: known?.state ?? state, at }));
      store.useSearch(id, spec, state, at, entry);
      this.specs.set(id, spec);
      this.saved(this.cpu);
    });
  }

  /** Brings in a search that the store does not have, with its primes and CPU time. @throws StorageFault */
  adopt(arrival: Arrival): void {
    this.attempt(() => {
      const { id, spec, state, primes, verifiedAt, at } = arrival;
      const { store, journal } = this.inPlace();
      const cpuSecondsInAll = store.cpuSecondsInAll + state.counters.cpuSeconds;
      const entry = { ...this.entry({ id, spec, state, at }), finds: primes, cpuSecondsInAll, verifiedAt };
      store.adopt(arrival, journal.append(entry));
      this.saved(cpuSecondsInAll);
    });
    this.backUp();
  }

  /** Begins a backup now, unless one is being made. Never throws: what is wrong is told. */
  backUp(): void {
    this.backups.hasten();
    if (this.backups.isDue(0)) this.beginBackup();
  }

  /** @throws StorageFault, as everything below that reads */
  hasPrime(id: string, decimal: string): boolean {
    return this.ask((store) => store.hasPrime(id, decimal));
  }

  search(id: string): StoredSearch | null {
    return this.ask((store) => store.search(id));
  }

  latestSearch(wanted: { digits?: number | undefined; errorLog2?: number | undefined } = {}): StoredSearch | null {
    return this.ask((store) => store.latestSearch(wanted));
  }

  searches(): StoredSearch[] {
    return this.ask((store) => store.searches());
  }

  countSearches(): number {
    return this.ask((store) => store.countSearches());
  }

  countPrimes(id: string | null = null): number {
    return this.ask((store) => store.countPrimes(id));
  }

  primes(before: number, limit: number): NumberedPrime[] {
    return this.ask((store) => store.primes(before, limit));
  }

  primesOf(id: string): StoredPrime[] {
    return this.ask((store) => store.primesOf(id));
  }

  setAside(id: string | null = null): NamedSetAside[] {
    return this.ask((store) => store.setAside(id));
  }

  /** null: the search does not have this prime, or nobody can say now. */
  numberOf(id: string, decimal: string): number | null {
    return this.quietly(() => this.ask((store) => store.numberOf(id, decimal)));
  }

  /**
   * Puts a prime out of sight, or back with null: it stays found. On the disk when this returns, but not in the journal: a
   * store that is restored from a backup before it shows the prime again.
   * @returns false: there is none of this number
   */
  setRemoved(number: number, at: string | null): boolean {
    return this.attempt(() => {
      const { store } = this.inPlace();
      let changed = false;
      store.transaction(() => {
        changed = store.setRemoved(number, at);
      });
      this.holdings.remember();
      return changed;
    });
  }

  /** A second implementation says that this is a prime. */
  setVerified(id: string, decimal: string, at: string): void {
    this.ask((store) => store.setVerified(id, decimal, at));
  }

  /** Facts and survivors are not worth a fault: when they cannot be kept now, they are not kept. */
  setFact(name: string, value: string): void {
    this.quietly(() => this.ask((store) => store.setFact(name, value)));
  }

  fact(name: string): string | null {
    return this.quietly(() => this.ask((store) => store.fact(name))) ?? null;
  }

  survivors(id: string, block: number): { depth: number; bitmap: Uint8Array } | null {
    return this.quietly(() => this.ask((store) => store.survivors(id, block))) ?? null;
  }

  saveSurvivors(id: string, block: number, depth: number, bitmap: Uint8Array): void {
    this.quietly(() => this.ask((store) => store.saveSurvivors(id, block, depth, bitmap)));
  }

  forgetSurvivors(id: string, beforeBlock: number): void {
    this.quietly(() => this.ask((store) => store.forgetSurvivors(id, beforeBlock)));
  }

  private ask<T>(question: (store: Store) => T): T {
    return this.attempt(() => question(this.holdings.store));
  }

  private quietly<T>(action: () => T): T | null {
    try {
      return action();
    } catch (error) {
      if (error instanceof StorageFault) return null;
      throw error;
    }
  }

  private inPlace(): ReturnType<Holdings['ensureInPlace']> {
    if (this.reported !== null) {
      this.mend(this.reported);
      this.reported = null;
    }
    const held = this.holdings.ensureInPlace();
    if (this.holdings.unsettled) this.backups.hasten();
    return held;
  }

  /** Mends what is damaged and tries again; a fault of the disk becomes a sentence. */
  private attempt<T>(action: () => T): T {
    for (let mendings = 0; ; mendings++) {
      try {
        return action();
      } catch (error) {
        const fault = faultOf(error);
        if (fault.kind === 'other') throw error;
        if (fault.kind === 'disk') {
          this.holdings.letGo(fault);
          throw storageFault(this.directory, fault, this.searching);
        }
        if (mendings >= MENDINGS) {
          throw storageFault(this.directory, { obstacle: FAILING, detail: fault.what }, this.searching);
        }
        this.mend(fault.what);
      }
    }
  }

  private mend(what: string): void {
    try {
      this.holdings.mend(what, 'the search goes on with what it has in memory');
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind === 'other') throw error;
      if (fault.kind === 'disk') this.holdings.letGo(fault);
      const told = fault.kind === 'disk' ? fault : { obstacle: FAILING, detail: fault.what };
      throw storageFault(this.directory, told, this.searching);
    }
  }

  private saved(cpuSecondsInAll: number): void {
    this.holdings.remember();
    this.holdings.unsettled = false;
    this.searching = true;
    this.cpu = cpuSecondsInAll;
  }

  /**
   * What is saved must go on from what is there.
   * @throws Damage; OutOfStep when that was mended, or others have been here, and it does not
   */
  private requireContinuity(store: Store, { id, state, finds, at }: Saving): void {
    const fresh = finds.filter(({ decimal }) => !store.hasPrime(id, decimal)).length;
    const lost = state.counters.found - fresh - store.countPrimes(id);
    if (!this.holdings.unsettled) {
      if (lost > 0) throw new Damage(`${lost} of its primes are not there`);
      return;
    }
    const there = store.search(id);
    if (there !== null && isBehind(state, there.state)) {
      this.outOfStep(`another nice19 has gone on with this search in ${this.directory}; it is gone on with from there`);
    }
    if (lost > 0) {
      const primes = lost === 1 ? '1 prime' : `${lost} primes`;
      this.outOfStep(`${primes} of this search could not be restored; the search finds them again`);
    }
    const spec = this.specs.get(id);
    if (there === null && spec !== undefined) store.useSearch(id, spec, SEARCH_START, at);
  }

  private outOfStep(sentence: string): never {
    this.tell(sentence);
    throw new OutOfStep(sentence);
  }

  private specOf(store: Store, id: string): SearchSpec {
    const spec = this.specs.get(id) ?? store.search(id)?.spec;
    if (spec === undefined) throw new Error(`expected a search ${id} in the store, there is none`);
    this.specs.set(id, spec);
    return spec;
  }

  private entry(search: Pick<JournalEntry, 'id' | 'spec' | 'state' | 'at'>): JournalEntry {
    return { ...search, finds: [], setAside: [], cpuSecondsInAll: this.cpu, verifiedAt: null };
  }

  /** What is saved from now on goes to the journal of its number. */
  private beginBackup(): void {
    const { generations } = this.holdings;
    try {
      const number = generations.next();
      this.holdings.beginJournal(number);
      this.backups.begin(number);
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind !== 'disk') throw error;
      this.backups.postpone(`${fault.obstacle.what} (${fault.detail})`);
    }
  }
}
