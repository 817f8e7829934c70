/**
 * The units between what is settled and what is not begun, in order. A unit's finds count only when all units
 * before it are settled: so the primes found so far are always the first ones of the search, whatever the
 * number of workers and whoever was quicker. Pure book-keeping.
 */

import type { SearchState, UnitData } from '../../contract/checkpoint.ts';
import { ArithmeticFault } from '../../search/kernel-names.ts';
import { sealOf } from '../../search/seal.ts';
import { type Find, UNIT_START, type UnitState } from '../../search/unit.ts';
import { UnitLosses } from './losses.ts';
import { type UnitRange, unitFromData, unitToData } from './unit-data.ts';

export interface Entry {
  readonly range: UnitRange;
  status: 'waiting' | 'running' | 'done';
  /** What is known of it: the start, the last snapshot, or the end. */
  state: UnitState;
  /** Of a unit that is done: its range and its finds, which may wait for hours. */
  seal?: number;
  /** Its workers that were lost. */
  losses?: UnitLosses;
}

/** A quarter of what a checkpoint may hold. */
const MOST_UNITS = 1024;
/** Finds that wait for their turn: while nothing can be saved small numbers would fill the memory with them. */
const MOST_FINDS = 30_000;

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
      const entry: Entry = { range: { block, from, to }, status: 'waiting', state: unitFromData(unit) };
      this.entries.push(entry);
      if (done) this.finish(entry, entry.state);
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
    const { entries } = this;
    return (
      entries.length >= MOST_UNITS || entries.reduce((sum, { state }) => sum + state.finds.length, 0) >= MOST_FINDS
    );
  }

  /** Finds of units that are not settled yet. */
  findsAhead(): number {
    return this.entries.reduce((sum, { state }) => sum + state.finds.length, 0);
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

  /** The unit is done. */
  finish(entry: Entry, state: UnitState): void {
    entry.state = state;
    entry.status = 'done';
    entry.seal = sealOfUnit(entry);
  }

  /**
   * The unit's worker was lost: it waits to be gone on with, from where `UnitLosses` says.
   * @param at the candidate that the worker was at, where that is known
   * @param jobsDone by all workers of the search
   * @returns the candidate that is to be set aside, if any
   */
  lost(entry: Entry, at: number | null, jobsDone: number): number | null {
    if (entry.status !== 'running') return null;
    entry.losses ??= new UnitLosses();
    const { state, setAside } = entry.losses.lost(entry.state, at, jobsDone);
    entry.status = 'waiting';
    entry.state = state;
    return setAside;
  }

  /**
   * Takes the units that are done and have only settled ones before them. When `counts` throws nothing is changed.
   * @param room how many finds may be taken: settling ends right behind the last of them
   * @param counts whether a find counts: one that the search has already, from an overlapping block, does not
   * @throws ArithmeticFault for a unit that has changed in memory: the cruncher begins again from the last saving
   */
  settle(room: number, counts: (find: SettledFind) => boolean): Settled {
    const settled = { finds: [] as SettledFind[], tested: 0, disagreements: 0 };
    let units = 0;
    for (const entry of this.entries) {
      if (entry.status !== 'done') break;
      if (entry.seal !== sealOfUnit(entry)) throw new ArithmeticFault('a finished unit has changed in memory');
      const { range, state } = entry;
      const finds = state.finds.toSorted((a, b) => a.index - b.index);
      const last = takeFinds(finds, range.block, room, counts, settled.finds);
      settled.tested += state.tested;
      settled.disagreements += state.disagreements;
      if (last !== null) {
        this.forget(units);
        this.keepRest(entry, (finds[last] as Find).index + 1, finds.slice(last + 1));
        return settled;
      }
      units++;
    }
    this.forget(units);
    return settled;
  }

  /** The first units are settled. */
  private forget(units: number): void {
    const last = this.entries.splice(0, units).at(-1);
    if (last !== undefined) this.settledTo = { block: last.range.block, index: last.range.to };
  }

  /** What a checkpoint keeps. */
  units(): UnitData[] {
    return this.entries.map(({ range, status, state }) => unitToData(range, state, status === 'done'));
  }

  private keepRest(entry: Entry, from: number, finds: Find[]): void {
    const { range, state } = entry;
    this.settledTo = { block: range.block, index: from };
    const rest: Entry = { range: { ...range, from }, status: 'waiting', state };
    this.entries[0] = rest;
    this.finish(rest, { ...state, finds, tested: 0, disagreements: 0 });
  }
}

const sealOfUnit = ({ range: { block, from, to }, state }: Entry): number =>
  sealOf(Uint32Array.of(block, from, to, ...state.finds.map(({ index }) => index)));

/**
 * Takes the finds of a unit that count.
 * @returns the number of the find with which there is no more room; null when there is
 */
function takeFinds(
  finds: readonly Find[],
  block: number,
  room: number,
  counts: (find: SettledFind) => boolean,
  taken: SettledFind[],
): number | null {
  for (const [k, find] of finds.entries()) {
    const settledFind = { ...find, block };
    if (!counts(settledFind)) continue;
    taken.push(settledFind);
    if (taken.length >= room) return k;
  }
  return null;
}
