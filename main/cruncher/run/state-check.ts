/**
 * Whether a search's state makes sense: what the schema cannot say. A checkpoint file may come from another
 * program or another hand; its digest only says that it arrived as it left.
 */

import type { CheckpointContent, UnitData } from '../../contract/checkpoint.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { blockCount, blockInterval } from '../../search/blocks.ts';
import { roundsFor } from '../../search/primality/bounds.ts';

type Place = { readonly block: number; readonly index: number };

/** What is wrong, as the second half of a sentence; null when it all fits together. */
export function contentProblem({ spec, state, primes }: Pick<CheckpointContent, 'spec' | 'state' | 'primes'>) {
  if (spec.rounds !== roundsFor(spec.errorLog2)) return 'its rounds do not reach its error';
  const { counters } = state;
  if (counters.found !== primes.length) return `it counts ${counters.found} primes and has ${primes.length}`;
  if (counters.cpuSecondsAtFind > counters.cpuSeconds || counters.wallSecondsAtFind > counters.wallSeconds) {
    return 'its last find is later than itself';
  }
  const sizeOf = blockSizes(spec);
  let place: Place = state.position;
  for (const [k, unit] of state.units.entries()) {
    const problem = unitProblem(unit, spec, sizeOf(unit.block));
    if (problem !== null) return `its unit ${k + 1} ${problem}`;
    if (!samePlace(place, { block: unit.block, index: unit.from }, sizeOf))
      return `there is a gap before unit ${k + 1}`;
    place = { block: unit.block, index: unit.to };
  }
  return samePlace(place, state.next, sizeOf) ? null : 'there is a gap behind its last unit';
}

function unitProblem(unit: UnitData, spec: SearchSpec, size: number): string | null {
  const { from, to, nextIndex, active, passed, finds, done } = unit;
  if (from > to || to > size || nextIndex > to) return 'ends outside its block';
  const underTest = active === null ? [] : active.stage === 'screen' ? active.indices : [active.index];
  const inside = (index: number) => from <= index && index < to;
  if (![...underTest, ...passed, ...finds.map(({ index }) => index)].every(inside)) return 'has numbers outside itself';
  if (done && (active !== null || passed.length > 0)) return 'is done and has tests in progress';
  const rounds = active?.stage === 'confirm' && active.state.stage === 'rounds' ? active.state.round : 0;
  // Rounds go in pairs.
  return rounds >= spec.rounds || rounds % 2 === 1 ? 'is at a round that does not exist' : null;
}

/** The end of a block is the beginning of the next. */
function samePlace(a: Place, b: Place, sizeOf: (block: number) => number): boolean {
  const [x, y] = [a, b].map(({ block, index }) => (index >= sizeOf(block) ? [block + 1, 0] : [block, index]));
  return String(x) === String(y);
}

/** Odd numbers in a block, each worked out once. */
function blockSizes({ digits, seed }: SearchSpec): (block: number) => number {
  const known = new Map<number, number>();
  const size = { digits, count: blockCount(digits) };
  return (block) => {
    const count = known.get(block) ?? blockInterval(size, Buffer.from(seed, 'hex'), block).count;
    known.set(block, count);
    return count;
  };
}
