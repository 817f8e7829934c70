/**
 * First steps. The points of a natural array are paired by their place, those of a tree by their node, so that the
 * first step of a tree reads the halves of its cells apart, and so does the split of X^n − 1 into X^(n/2) − 1 and
 * X^(n/2) + 1 before the first step of the latter's tree, and what joins them again. After that come only
 * operations on whole cells.
 *
 * In a natural array of cells word j, a quarter of n on, the half and three quarters lie in cell j: real parts of
 * its halves, then imaginary parts.
 */

import { type FunctionReference, type I32, i32 } from '../wasm/emit.ts';
import { forward4, inverse4, type Twiddles } from './butterflies.ts';
import type { Complex, ComplexEmitter, Half } from './complex.ts';
import { CONSTANTS } from './layout.ts';
import { overCells, type Passes, parts, type Run } from './passes.ts';

/** Cells of which a first step makes its pairs of nodes. */
const cellsOf = (first: 2 | 4): number => first / 2;

/** Point k of a first step's four or two lies in this cell and half of a natural array; child k in a tree's. */
const naturalPlace = (first: 2 | 4, k: number): [cell: number, half: Half] => [
  k % cellsOf(first),
  k < cellsOf(first) ? 0 : 1,
];
const treePlace = (k: number): [cell: number, half: Half] => [k >> 1, (k & 1) as Half];

/** The first step's butterfly on single vectors. */
function firstButterfly(c: ComplexEmitter, first: 2 | 4, way: 'forward' | 'inverse'): Run {
  const table = CONSTANTS.firstTwiddles[first];
  const root = (power: number): Complex => c.load(i32.const(0), table + 64 * (power - 1));
  if (first === 4) {
    const w: Twiddles = [null, root(1), root(2), root(3)];
    if (way === 'inverse') return (input, output) => inverse4(c, w, input, output);
    return (input, output) => {
      forward4(c, w, input).forEach((z, k) => {
        output(k, z);
      });
    };
  }
  const w = root(1);
  if (way === 'inverse') {
    return (input, output) => {
      const a = input(0);
      const b = input(1);
      output(0, c.plus(a, b));
      output(1, c.timesConjugate(c.keep(c.minus(a, b)), w));
    };
  }
  return (input, output) => {
    const b = c.keep(c.times(input(1), w));
    const a = input(0);
    output(0, c.plus(a, b));
    output(1, c.minus(a, b));
  };
}

/** (source, x, part): the first step of a tree, from a natural array to pairs of nodes of `part` bytes each. */
export function forwardFirst(passes: Passes, first: 2 | 4): FunctionReference {
  return passes.once(`forwardFirst${first}`, 3, (c, source, x, part) => {
    const run = firstButterfly(c.half(0), first, 'forward');
    overCells(c, x, part, [source], () => {
      const from = parts(c, source, part, cellsOf(first));
      const to = parts(c, x, part, cellsOf(first));
      run(
        (k) => loadPoint(c, from, naturalPlace(first, k)),
        (k, z) => storePoint(c, to, treePlace(k), z),
      );
    });
  });
}

/** (x, part): the inverse of `forwardFirst`, times its radix. */
export function inverseFirst(passes: Passes, first: 2 | 4): FunctionReference {
  return passes.once(`inverseFirst${first}`, 2, (c, x, part) => {
    const run = firstButterfly(c.half(0), first, 'inverse');
    overCells(c, x, part, [], () => {
      const at = parts(c, x, part, cellsOf(first));
      run(
        (k) => loadPoint(c, at, treePlace(k)),
        (k, z) => storePoint(c, at, naturalPlace(first, k), z),
      );
    });
  });
}

/**
 * (source, x, part): splits a natural array into the natural array of X^(n/2) − 1, in its first half, and the tree of
 * X^(n/2) + 1 after its first step, with pairs of nodes of `part` bytes.
 */
export function split(passes: Passes, first: 2 | 4): FunctionReference {
  return passes.once(`split${first}`, 3, (c, source, x, part) => {
    const run = firstButterfly(c.half(0), first, 'forward');
    overCells(c, x, part, [source], () => {
      const from = parts(c, source, part, first);
      const cells = parts(c, x, part, first);
      const low = cells.slice(0, cellsOf(first));
      const high = cells.slice(cellsOf(first));
      /** The point of X^(n/2) + 1 that a cell makes. Its sums become a point of the other part. */
      const point = (k: number): Complex => {
        const [a, b] = ([0, 1] as const).map((half) => loadPoint(c, from, [k, half])) as [Complex, Complex];
        const one = c.half(0);
        const difference = one.keep({ re: one.sub(a.re, a.im), im: one.sub(b.re, b.im) });
        storePoint(c, low, naturalPlace(first, k), { re: one.add(a.re, a.im), im: one.add(b.re, b.im) });
        return difference;
      };
      // Sums take the place of the partner's words: the partner in the first half has to be read before.
      const known = new Map<number, Complex>();
      const read = (k: number): Complex => {
        if (k >= cellsOf(first) && !known.has(k - cellsOf(first))) read(k - cellsOf(first));
        const z = known.get(k) ?? point(k);
        known.set(k, z);
        return z;
      };
      run(read, (k, z) => storePoint(c, high, treePlace(k), z));
    });
  });
}

/** (x, part): the inverse of `split`: times its radix where the tree is undone, then times 2 where the halves join. */
export function join(passes: Passes, first: 2 | 4): FunctionReference {
  return passes.once(`join${first}`, 2, (c, x, part) => {
    const one = c.half(0);
    const run = firstButterfly(one, first, 'inverse');
    overCells(c, x, part, [], () => {
      const cells = parts(c, x, part, first);
      const low = cells.slice(0, cellsOf(first));
      const high = cells.slice(cellsOf(first));
      const sums = new Map<number, Complex>();
      run(
        (k) => loadPoint(c, high, treePlace(k)),
        (k, lazy) => {
          // What is stored takes the place of the partner's sums.
          for (const place of [k, k + cellsOf(first)]) {
            if (place < first && !sums.has(place)) sums.set(place, loadPoint(c, low, naturalPlace(first, place)));
          }
          const z = one.keep(lazy);
          const sum = sums.get(k) as Complex;
          const a = { re: one.add(sum.re, z.re), im: one.sub(sum.re, z.re) };
          const b = { re: one.add(sum.im, z.im), im: one.sub(sum.im, z.im) };
          storePoint(c, cells, [k, 0], a);
          storePoint(c, cells, [k, 1], b);
        },
      );
    });
  });
}

function loadPoint(c: ComplexEmitter, cells: readonly I32[], [cell, half]: [number, Half]): Complex {
  return c.half(half).load(cells[cell] as I32);
}

function storePoint(c: ComplexEmitter, cells: readonly I32[], [cell, half]: [number, Half], z: Complex): void {
  c.half(half).store(cells[cell] as I32, 0, z);
}
