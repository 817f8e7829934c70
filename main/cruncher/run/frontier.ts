/**
 * The units between what is settled and what is not begun, in order. A unit's finds count only when all units
 * before it are settled: so the primes found so far are always the first ones of the search, whatever the
 * number of workers and whoever was quicker. Pure book-keeping.
 */

import type { SearchState, UnitData } from '../../contract/checkpoint.ts';
import { type Find, UNIT_START, type UnitState } from '../../search/unit.ts';
import { type UnitRange, unitFromData, unitToData } from './unit-data.ts';

export interface Entry {
  readonly range: UnitRange;
  status: 'waiting' | 'running' | 'done';
  /** What is known of it: the start, the last snapshot, or the end. */
  state: UnitState;
  /** The state from which its worker was lost last. */
  lostFrom?: UnitState;
}

/** A quarter of what a checkpoint may hold. */
const MOST_UNITS = 1024;

/** A prime that has become part of the search's result. */
export interface SettledFind extends Find {
  readonly block: number;
}

export interface Settled {
  readonly finds: SettledFind[];
  /** Screens done in the units that were settled. */
  readonly tested: number;
  readonly disagreements: number;
}

export class Frontier {
  private readonly entries: Entry[] = [];
  private settledTo: { block: number; index: number };

  constructor(state: SearchState) {
    this.settledTo = state.position;
    for (const unit of state.units) {
      const { block, from, to, done } = unit;
      this.entries.push({ range: { block, from, to }, status: done ? 'done' : 'waiting', state: unitFromData(unit) });
    }
  }

  get position(): { block: number; index: number } {
    return this.settledTo;
  }

  /** Blocks of units that wait to be gone on with. */
  waitingBlocks(): number[] {
    return this.entries.filter(({ status }) => status === 'waiting').map(({ range }) => range.block);
  }

  /** Units begun before this start, or lost with their worker: they come first. */
  waiting(): Entry[] {
    return this.entries.filter(({ status }) => status === 'waiting');
  }

  /** So far ahead of a unit that does not end that no new one should be begun. */
  get isFull(): boolean {
    return this.entries.length >= MOST_UNITS;
  }

  /** Screens done in units that are not settled yet. */
  testedAhead(): number {
    return this.entries.reduce((sum, { state }) => sum + state.tested, 0);
  }

  add(range: UnitRange): Entry {
    const entry: Entry = { range, status: 'waiting', state: UNIT_START };
    this.entries.push(entry);
    return entry;
  }

  /**
   * The unit's worker was lost: it waits to be gone on with from the last snapshot. Lost a second time from the
   * same one, it begins anew: that snapshot may be what kills its workers.
   */
  lost(entry: Entry): void {
    if (entry.status !== 'running') return;
    entry.status = 'waiting';
    if (entry.lostFrom === entry.state) entry.state = UNIT_START;
    entry.lostFrom = entry.state;
  }

  /**
   * Takes the units that are done and have only settled ones before them.
   * @param room how many finds may be taken: settling ends right behind the last of them
   * @param counts whether a find counts: one that the search has already, from an overlapping block, does not
   */
  settle(room: number, counts: (find: SettledFind) => boolean): Settled {
    const settled = { finds: [] as SettledFind[], tested: 0, disagreements: 0 };
    for (let first = this.entries[0]; first?.status === 'done'; first = this.entries[0]) {
      const { range, state } = first;
      const finds = state.finds.toSorted((a, b) => a.index - b.index);
      settled.tested += state.tested;
      settled.disagreements += state.disagreements;
      for (const [k, find] of finds.entries()) {
        const settledFind = { ...find, block: range.block };
        if (!counts(settledFind)) continue;
        settled.finds.push(settledFind);
        if (settled.finds.length < room) continue;
        this.keepRest(first, find.index + 1, finds.slice(k + 1));
        return settled;
      }
      this.entries.shift();
      this.settledTo = { block: range.block, index: range.to };
    }
    return settled;
  }

  /** What a checkpoint keeps. */
  units(): UnitData[] {
    return this.entries.map(({ range, status, state }) => unitToData(range, state, status === 'done'));
  }

  private keepRest(entry: Entry, from: number, finds: Find[]): void {
    const { range, state } = entry;
    this.settledTo = { block: range.block, index: from };
    this.entries[0] = {
      range: { ...range, from },
      status: 'done',
      state: { ...state, finds, tested: 0, disagreements: 0 },
    };
  }
}
