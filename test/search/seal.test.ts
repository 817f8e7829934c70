/** Flips of bits in what workers are given, in what they keep while they work, and in what they give back. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArithmeticFault } from '../../main/kernel/arithmetic-fault.ts';
import { Kernels } from '../../main/kernel/kernels.ts';
import { blockCount, blockInterval } from '../../main/search/blocks.ts';
import { isIntact, type Sealed, sealOf } from '../../main/search/seal.ts';
import { freshSurvivors, nextSurvivor, sieveBlock } from '../../main/search/sieve/sieve.ts';
import { UnitRunner, type UnitState } from '../../main/search/unit.ts';

const digits = 22;
const seed = Uint8Array.from({ length: 32 }, (_, k) => 7 * k);
const block = 5;
const { start } = blockInterval({ digits, count: blockCount(digits) }, seed, block);

/** The survivors among the first odd numbers of the block. */
const indices = (() => {
  const survivors = freshSurvivors(600);
  for (const _ of sieveBlock({ start, count: 600, from: 3, to: 1000 }, survivors));
  const list: number[] = [];
  for (let i = nextSurvivor(survivors, 0, 600); i >= 0; i = nextSurvivor(survivors, i + 1, 600)) list.push(i);
  return Uint32Array.from(list);
})();
const order: Sealed = { block, start, data: indices, seal: sealOf(indices) };

test('a seal is CRC-32, of the whole or piece by piece', () => {
  const text = new TextEncoder().encode('123456789');
  // The check value of the algorithm, as every table of CRCs gives it.
  expect(sealOf(text)).toBe(0xcbf43926);
  expect(sealOf(text.subarray(4), sealOf(text.subarray(0, 4)))).toBe(0xcbf43926);
});

test('any bit that flips in an order is found: in its numbers, its start, its block, its seal, the seed', () => {
  const search = { digits, seed };
  expect(isIntact(order, search)).toBe(true);
  expect(isIntact({ ...order, data: null, seal: null }, search)).toBe(true);
  expect(isIntact({ ...order, data: null }, search)).toBe(false);
  expect(isIntact({ ...order, seal: null }, search)).toBe(false);
  const data = indices.slice();
  for (let bit = 0; bit < 32 * data.length; bit++) {
    data[bit >> 5]! ^= 1 << (bit & 31);
    expect(isIntact({ ...order, data }, search)).toBe(false);
    data[bit >> 5]! ^= 1 << (bit & 31);
  }
  for (let bit = 0; bit < 80; bit++) {
    expect(isIntact({ ...order, start: start ^ (1n << BigInt(bit)) }, search)).toBe(false);
  }
  for (let bit = 0; bit < 31; bit++) {
    expect(isIntact({ ...order, block: block ^ (1 << bit) }, search)).toBe(false);
    expect(isIntact({ ...order, seal: (order.seal as number) ^ (1 << bit) }, search)).toBe(false);
  }
  const flipped = seed.slice();
  for (let bit = 0; bit < 256; bit++) {
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    expect(isIntact(order, { digits, seed: flipped })).toBe(false);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
  }
});

/** What a runner keeps between two slices. */
interface Inside {
  task: { start: bigint; indices: Uint32Array };
  nextIndex: number;
  passed: { index: number; number: bigint }[];
  finds: { index: number }[];
  running: { indices?: number[]; numbers?: bigint[]; index?: number; number?: bigint } | null;
}

/** Places where a runner keeps something, each with the flip of one of its bits; false where nothing is kept now. */
const PLACES: Record<string, (runner: Inside, bit: number) => boolean> = {
  'the start': ({ task }, bit) => {
    task.start ^= 1n << BigInt(bit);
    return true;
  },
  'the indices': ({ task }, bit) => {
    task.indices[bit % task.indices.length]! ^= 1 << (bit % 10);
    return true;
  },
  'the place reached': (runner, bit) => {
    runner.nextIndex ^= 1 << (bit % 10);
    return true;
  },
  'what passed the screen': ({ passed }, bit) => {
    const first = passed[0];
    if (first !== undefined) first.index ^= 1 << (bit % 10);
    return first !== undefined;
  },
  'the finds': ({ finds }, bit) => {
    const find = finds[bit % finds.length];
    if (find !== undefined) find.index ^= 1 << (bit % 10);
    return find !== undefined;
  },
  'the indices under test': ({ running }, bit) => {
    if (running?.indices !== undefined) running.indices[bit % running.indices.length]! ^= 1 << (bit % 10);
    else if (running?.index !== undefined) running.index ^= 1 << (bit % 10);
    return running !== null;
  },
  'the numbers under test': ({ running }, bit) => {
    if (running?.numbers !== undefined) running.numbers[bit % running.numbers.length]! ^= 1n << BigInt(bit % 70);
    else if (running?.number !== undefined) running.number ^= 1n << BigInt(bit % 70);
    return running !== null;
  },
};

const search = { digits, seed };
const kernels = new Kernels({ wanted: 'bigint' });

interface Outcome {
  readonly found: boolean;
  readonly primes: number[];
  readonly flips: number;
}

/** Runs the unit as a worker does, with a flip at slice number `when` or as soon as there is something to flip. */
function runWithFlip(place: string, when: number, bit: number): Outcome {
  const task = { start, indices: indices.slice(), seed, rounds: 4 };
  const runner = new UnitRunner(kernels, task);
  const inside = Object.assign(runner as unknown as Inside, { task });
  const steps = runner.run({ squarings: 60 });
  let flips = 0;
  const primes = (state: UnitState) => state.finds.map(({ index }) => index).sort((a, b) => a - b);
  const intact = () => isIntact({ block, start: task.start, data: task.indices, seal: order.seal }, search);
  try {
    for (let slice = 0; ; slice++) {
      const step = steps.next();
      if (step.done) return { found: !intact() || !runner.isComplete(true), primes: primes(step.value), flips };
      if (slice >= when && flips === 0 && PLACES[place]?.(inside, bit)) flips++;
    }
  } catch (error) {
    // A number that is even fits no test. To a worker every exception is the end of the job, which is then begun again.
    if (!(error instanceof ArithmeticFault || error instanceof RangeError)) throw error;
    return { found: true, primes: [], flips };
  }
}

test('a unit that nothing happens to is intact and complete', () => {
  const { found, primes } = runWithFlip('the start', Number.POSITIVE_INFINITY, 0);
  expect(found).toBe(false);
  expect(primes.length).toBeGreaterThan(20);
});

test.each(Object.keys(PLACES))('a bit that flips in %s of a runner is found, or the primes are the same', (place) => {
  const { primes } = runWithFlip(place, Number.POSITIVE_INFINITY, 0);
  let flips = 0;
  let noticed = 0;
  fc.assert(
    fc.property(fc.nat(300), fc.nat(1000), (when, bit) => {
      const outcome = runWithFlip(place, when, bit % 70);
      if (!outcome.found) expect(outcome.primes).toEqual(primes);
      flips += outcome.flips;
      noticed += Number(outcome.found);
    }),
    { numRuns: 40 },
  );
  expect(flips).toBeGreaterThan(20);
  // The place reached is only read by a state that is asked for in between.
  if (place !== 'the place reached') expect(noticed).toBeGreaterThan(flips / 2);
});

test('a place that is wrong is found in the state that would tell of it', () => {
  const task = { start, indices, seed, rounds: 4 };
  const runner = new UnitRunner(kernels, task);
  const steps = runner.run({ squarings: 60 });
  for (let slice = 0; slice < 100; slice++) steps.next();
  expect(runner.isComplete(false)).toBe(true);
  expect(runner.isComplete(true)).toBe(false);
  const right = runner.state().nextIndex;
  for (let bit = 0; bit < 10; bit++) {
    const wrong = right ^ (1 << bit);
    (runner as unknown as Inside).nextIndex = wrong;
    // Where no survivor lies between the two they mean the same.
    const same = !indices.some((index) => index >= Math.min(right, wrong) && index < Math.max(right, wrong));
    expect(runner.isComplete(false)).toBe(same);
  }
});
