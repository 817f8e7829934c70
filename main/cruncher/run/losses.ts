/**
 * What follows when the workers of one unit are lost again and again. A thread may die of anything, so at first the
 * unit goes on from its last snapshot; then that snapshot is given up; then the candidates are tested one at a time,
 * to find the one that ends its threads, and that one is set aside so that the search can go on.
 *
 * A computer without memory loses every thread, whatever it tests. So a candidate is only set aside when, between two
 * threads lost at it, others got something done.
 */

import { UNIT_START, type UnitState } from '../../search/unit.ts';

/** Losses after which a unit that began anew goes on one candidate at a time. */
const CAUTIOUS_AFTER = 2;

export interface AfterLoss {
  /** From where the unit goes on. */
  readonly state: UnitState;
  /** The candidate to be set aside, if it has come to that. */
  readonly setAside: number | null;
}

export class UnitLosses {
  private lostFrom: UnitState | null = null;
  /** Losses since it began anew; null: it did not have to. */
  private sinceAnew: number | null = null;
  /** Candidates at which a thread was lost: the jobs that the search had done by then. */
  private readonly suspects = new Map<number, number>();
  private lostAfter = Number.NEGATIVE_INFINITY;

  /** Whether it is to be done one candidate at a time. */
  get cautious(): boolean {
    return this.sinceAnew !== null && this.sinceAnew >= CAUTIOUS_AFTER;
  }

  /** Whether other work should come first: it shows whether threads are lost at anything else too. */
  waitsForOthers(jobsDone: number): boolean {
    return this.cautious && jobsDone <= this.lostAfter;
  }

  /**
   * @param state the last snapshot
   * @param at the candidate that the lost thread was at, where that is known: one at a time
   * @param jobsDone by all workers of the search
   */
  lost(state: UnitState, at: number | null, jobsDone: number): AfterLoss {
    if (this.cautious) {
      this.lostAfter = jobsDone;
      return { state: UNIT_START, setAside: at === null ? null : this.suspect(at, jobsDone) };
    }
    if (this.sinceAnew !== null) {
      this.sinceAnew++;
      return { state: this.cautious ? UNIT_START : state, setAside: null };
    }
    if (this.lostFrom === state) {
      this.sinceAnew = 0;
      return { state: UNIT_START, setAside: null };
    }
    this.lostFrom = state;
    return { state, setAside: null };
  }

  private suspect(at: number, jobsDone: number): number | null {
    const before = this.suspects.get(at);
    if (before !== undefined && jobsDone > before) return at;
    if (before === undefined) this.suspects.set(at, jobsDone);
    return null;
  }
}
