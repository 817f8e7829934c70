/**
 * The candidates that a search leaves out, because whatever thread tested them was lost. They are no part of any unit
 * any more; the store keeps the list, and whoever wants to know tests them by hand.
 */

import type { SearchSpec } from '../../contract/search-spec.ts';
import { sealOf } from '../../search/seal.ts';
import type { UnitState } from '../../search/unit.ts';
import { primeOf } from './records.ts';
import type { SetAside } from './search-store.ts';
import type { UnitOrder } from './supply.ts';

/** A longer number is not put into a sentence. */
const LONGEST_SHOWN = 2000;

export class SetAsides {
  private readonly byBlock = new Map<number, Set<number>>();
  private counted = 0;

  constructor(known: readonly SetAside[]) {
    for (const candidate of known) this.add(candidate);
  }

  get count(): number {
    return this.counted;
  }

  add({ block, offset }: SetAside): void {
    const offsets = this.byBlock.get(block) ?? new Set();
    if (!offsets.has(offset)) this.counted++;
    this.byBlock.set(block, offsets.add(offset));
  }

  /** The unit without them. */
  without(unit: UnitOrder): UnitOrder {
    const offsets = this.byBlock.get(unit.block);
    if (offsets === undefined) return unit;
    const indices = unit.indices.filter((index) => !offsets.has(index));
    return { ...unit, indices, seal: sealOf(indices) };
  }

  /** What is known of a unit of this block, without what is known of them: a test that holds one begins again. */
  withoutStateOf(block: number, state: UnitState): UnitState {
    const offsets = this.byBlock.get(block);
    if (offsets === undefined) return state;
    const { active } = state;
    const tested = active === null ? [] : active.stage === 'screen' ? active.indices : [active.index];
    return {
      ...state,
      passed: state.passed.filter((index) => !offsets.has(index)),
      active: tested.some((index) => offsets.has(index)) ? null : active,
    };
  }
}

/** What is said when one is set aside. */
export function setAsideSentence(spec: SearchSpec, { block, offset, why }: SetAside): string {
  const decimal = primeOf(spec, block, offset).toString();
  const byHand = decimal.length > LONGEST_SHOWN ? '' : `; test it by hand with: nice19 test ${decimal}`;
  return `odd number ${offset} of block ${block} ended every thread that tested it (${why}) and is left out; the search goes on${byHand}`;
}
