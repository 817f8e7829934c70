import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SieveOrder, Supply, type SupplyOptions } from '../../../main/cruncher/run/supply.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { sealOf } from '../../../main/search/seal.ts';
import { freshSurvivors, survives } from '../../../main/search/sieve/survivors.ts';

const digits = 30;
const seed = Buffer.alloc(32, 7);
const { count } = blockInterval({ digits, count: blockCount(digits) }, seed, 0);
const START = { block: 0, index: 0 };

function supplyOf(changes: Partial<SupplyOptions> = {}, next = START): Supply {
  const depth = (from: number) => Math.max(from, 2 ** 22);
  const fault = () => expect.fail('something was found changed that was not');
  return new Supply({ digits, seed, workers: 2, depth, stored: () => null, fault, ...changes }, next);
}

/** Every so many of a block's odd numbers. */
function everySo(many: number, length = count): Uint8Array {
  const bitmap = new Uint8Array(freshSurvivors(length).length);
  for (let i = 0; i < length; i += many) bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
  return bitmap;
}

function sieveAll(
  supply: Supply,
  resumed: readonly number[] = [],
  bitmap = (_: SieveOrder) => everySo(50),
): SieveOrder[] {
  const orders: SieveOrder[] = [];
  for (let order = supply.takeSieve(resumed); order !== null; order = supply.takeSieve(resumed)) {
    orders.push(order);
    const survivors = bitmap(order);
    expect(supply.sieved(order, survivors, sealOf(survivors))).toBe(true);
  }
  return orders;
}

test('units cover the blocks exactly once, in order, and hold every survivor of their stretch', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 5, maxLength: 60 }),
      fc.nat(count - 1),
      fc.integer({ min: 20, max: 300 }),
      (sizes, begin, many) => {
        const bitmap = everySo(many);
        const supply = supplyOf({}, { block: 3, index: begin });
        let place = { block: 3, index: begin };
        for (const size of sizes) {
          expect(supply.next).toEqual(place);
          sieveAll(supply, [], () => bitmap);
          const unit = supply.takeUnit(size);
          if (unit === null) throw new Error('there is a sieved block and no unit');
          expect(unit).toMatchObject({ block: place.block, from: place.index });
          expect(unit.to).toBeGreaterThan(unit.from);
          expect(unit.start).toBe(blockInterval({ digits, count: blockCount(digits) }, seed, unit.block).start);
          const survivors: number[] = [];
          for (let i = unit.from; i < unit.to; i++) if (survives(bitmap, i)) survivors.push(i);
          expect([...unit.indices]).toEqual(survivors);
          expect(survivors.length).toBeLessThanOrEqual(size);
          // It ends at its last survivor or with the block.
          expect(unit.to === count || unit.to - 1 === survivors.at(-1)).toBe(true);
          place = unit.to === count ? { block: unit.block + 1, index: 0 } : { block: unit.block, index: unit.to };
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('units that were begun before get the survivors of their stretch once their block is sieved', () => {
  const supply = supplyOf({}, { block: 2, index: 500 });
  const range = { block: 1, from: 100, to: 301 };
  expect(supply.survivorsOf(range)).toBeNull();
  const orders = sieveAll(supply, [1, 1, 2]);
  // The old block is only needed for them: it is sieved once, and not deeper.
  expect(orders.filter(({ block }) => block === 1).map(({ from }) => from)).toEqual([0]);
  expect([...(supply.survivorsOf(range)?.indices ?? [])]).toEqual([100, 150, 200, 250, 300]);
  expect(supply.next).toEqual({ block: 2, index: 500 });
});

describe('the sieve of a block', () => {
  test('begins with a quick stage, then goes on from there to the depth that pays', () => {
    const [first, second, ...more] = sieveAll(supplyOf());
    expect(first).toMatchObject({ block: 0, from: 0, count, survivors: null });
    expect(first?.to).toBeLessThan(2 ** 22);
    expect(second).toMatchObject({ block: 0, from: first?.to, to: 2 ** 22, survivors: everySo(50) });
    expect(more).toEqual([]);
  });

  test('is not done by two at once, and is open again when it came to nothing', () => {
    const supply = supplyOf();
    const order = supply.takeSieve([]) as SieveOrder;
    expect(supply.takeSieve([])).toBeNull();
    expect(supply.takeUnit(10)).toBeNull();
    supply.unsieved(order);
    expect(supply.takeSieve([])).toEqual(order);
  });

  test('is not taken on for a stage that adds next to nothing', () => {
    const supply = supplyOf({ stored: () => ({ depth: 3_000_000, bitmap: everySo(50) }) });
    expect(supply.takeSieve([])).toBeNull();
  });

  test('of the next block is due before the current one runs out, not earlier', () => {
    const supply = supplyOf();
    sieveAll(supply);
    const survivors = Math.ceil(count / 50);
    supply.takeUnit(survivors - 64);
    expect(supply.takeSieve([])).toBeNull();
    supply.takeUnit(1);
    expect(supply.takeSieve([])).toMatchObject({ block: 1, from: 0 });
    expect(supply.next.block).toBe(0);
  });

  test('of small numbers goes no further than their root', () => {
    const root = 100_001;
    const orders = sieveAll(supplyOf({ digits: 10, workers: 1, depth: () => root }), [], (order) =>
      everySo(10, order.count),
    );
    expect(orders.map(({ block, from, to }) => [block, from, to])).toEqual([[0, 0, root]]);
  });
});

describe('a bitmap kept from an earlier run', () => {
  test('is gone on from', () => {
    const stored = (block: number) => (block === 0 ? { depth: 2 ** 20, bitmap: everySo(100) } : null);
    const supply = supplyOf({ stored });
    expect(supply.survivorShare).toBeCloseTo(0.01, 3);
    expect([...(supply.takeUnit(3)?.indices ?? [])]).toEqual([0, 100, 200]);
    expect(supply.takeSieve([])).toMatchObject({ block: 0, from: 2 ** 20, to: 2 ** 22 });
  });

  test.each([0, 1, freshSurvivors(count).length - 1, freshSurvivors(count).length + 1])(
    'of %i bytes is not of this block, and ignored',
    (length) => {
      const supply = supplyOf({ stored: () => ({ depth: 2 ** 22, bitmap: new Uint8Array(length) }) });
      expect(supply.survivorShare).toBeNull();
      expect(supply.takeUnit(3)).toBeNull();
      expect(supply.takeSieve([])).toMatchObject({ block: 0, from: 0, survivors: null });
    },
  );

  test('is copied: sieving it further does not change what the store gave', () => {
    const bitmap = everySo(100);
    const supply = supplyOf({ stored: () => ({ depth: 2 ** 20, bitmap }) });
    supply.takeSieve([])?.survivors?.fill(0);
    expect(bitmap).toEqual(everySo(100));
  });
});

test('blocks that are settled are forgotten, and asked of the store again if need be', () => {
  const asked: number[] = [];
  const supply = supplyOf({
    stored: (block) => {
      asked.push(block);
      return null;
    },
  });
  supply.block(1);
  supply.block(1);
  expect(asked).toEqual([0, 1]);
  supply.settled(1);
  supply.block(1);
  supply.block(0);
  expect(asked).toEqual([0, 1, 0]);
});

describe('a flip of a bit in memory', () => {
  /** A supply with a sieved block, and how often it found something changed. */
  function sievedSupply() {
    let faults = 0;
    const supply = supplyOf({ fault: () => faults++ });
    sieveAll(supply);
    return { supply, found: () => faults };
  }

  test('in a bitmap that waits is found before a unit is cut from it, and the block is sieved from nothing', () => {
    const { supply, found } = sievedSupply();
    const range = supply.takeUnit(3);
    const bitmap = supply.block(0).survivors as Uint8Array;
    for (let bit = 0; bit < 8 * bitmap.length; bit += 61) {
      const before = found();
      bitmap[bit >> 3]! ^= 1 << (bit & 7);
      const ways = [() => supply.takeUnit(10), () => supply.survivorsOf({ block: 0, from: 0, to: 200 })];
      expect(ways[bit % 2]?.()).toBeNull();
      expect(found()).toBe(before + 1);
      const order = supply.takeSieve([]) as SieveOrder;
      expect(order).toMatchObject({ block: 0, from: 0, survivors: null, seal: null });
      bitmap[bit >> 3]! ^= 1 << (bit & 7);
      expect(supply.sieved(order, bitmap, sealOf(bitmap))).toBe(true);
    }
    expect(supply.next).toEqual({ block: 0, index: range?.to });
    expect(supply.takeUnit(3)?.from).toBe(range?.to);
  });

  test('in a bitmap that is to be deepened is found before it is sent', () => {
    const { supply, found } = sievedSupply();
    (supply.block(0).survivors as Uint8Array)[17]! ^= 4;
    expect(supply.takeSieve([])).toMatchObject({ block: 0, from: 0, survivors: null });
    expect(found()).toBe(1);
  });

  test('between a worker and the supply leaves the block as it was, open for the sieve', () => {
    const { supply, found } = sievedSupply();
    supply.takeUnit(Number.POSITIVE_INFINITY);
    const order = supply.takeSieve([]) as SieveOrder;
    expect(order.block).toBe(1);
    const bitmap = everySo(50, order.count);
    const seal = sealOf(bitmap);
    bitmap[100]! ^= 1;
    expect(supply.sieved(order, bitmap, seal)).toBe(false);
    expect(supply.sieved(order, bitmap.subarray(1), sealOf(bitmap.subarray(1)))).toBe(false);
    expect(found()).toBe(2);
    expect(supply.takeSieve([])).toEqual(order);
  });

  test('in the start of a block is found when a worker was lost with it', () => {
    const { supply, found } = sievedSupply();
    supply.recheck(0);
    expect(found()).toBe(0);
    const block = supply.block(0) as { start: bigint };
    const { start } = block;
    block.start ^= 1n << 40n;
    supply.recheck(0);
    expect(found()).toBe(1);
    expect(supply.block(0)).toMatchObject({ start, survivors: null, depth: 0 });
  });
});
