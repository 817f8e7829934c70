/**
 * Tables of roots of unity for the transform trees. A negacyclic transform of n words works on m = n/2 complex
 * points modulo X^m − i; a node X^s − r has k children X^(s/k) − r', with r' the k-th roots of r.
 *
 * The first step splits in two or in four, so that fours and the leaves are left, and the nodes that it gives are
 * paired: the halves of a wide vector belong to two nodes, with one table entry for both. All trees with the same
 * first step share the tables: a pair at level l, place k has the same roots in each.
 *
 * Angles are exact fractions of a turn until the last moment, and sine and cosine are taken in the first
 * octant only, so every entry is within an ulp: the round-off bound (transform.ts) counts on it.
 */

/** e^(2πi·numerator/denominator) for a denominator that 8 divides, below 2^45. */
export function rootOfUnity(numerator: number, denominator: number): [cosine: number, sine: number] {
  const turn = ((numerator % denominator) + denominator) % denominator;
  const quarter = denominator / 4;
  const quadrant = Math.floor(turn / quarter);
  const rest = turn - quadrant * quarter;
  const angle = (part: number): number => (2 * Math.PI * part) / denominator;
  const [c, s] =
    2 * rest <= quarter
      ? [Math.cos(angle(rest)), Math.sin(angle(rest))]
      : [Math.sin(angle(quarter - rest)), Math.cos(angle(quarter - rest))];
  if (quadrant === 0) return [c, s];
  if (quadrant === 1) return [-s, c];
  if (quadrant === 2) return [-c, -s];
  return [s, -c];
}

/** A tree: its first step, the radices of the steps after it, the leaves last. */
export interface TreeShape {
  readonly points: number;
  readonly first: 2 | 4;
  readonly steps: readonly number[];
}

/** The shape of the tree on so many points, a power of two (not one) times the product of the odd radices or, without any, times four. */
export function treeShape(points: number, oddRadices: readonly number[]): TreeShape {
  const last = oddRadices.length > 0 ? oddRadices : [4];
  const rest = points / last.reduce((product, radix) => product * radix, 1);
  const levels = Math.log2(rest);
  if (!(Number.isInteger(levels) && levels >= 1)) throw new RangeError(`expected points of a tree, got ${points}`);
  const first = levels % 2 === 1 ? 2 : 4;
  const fours = new Array<number>((levels - Math.log2(first)) / 2).fill(4);
  return { points, first, steps: [...fours, ...last] };
}

/** Doubles in the table entry of a pair of nodes: each real part and imaginary part is a wide vector. */
export const entryDoubles = (radix: number): number => 8 * (radix - 1);

export interface TreeTables {
  /** Powers 1 … first − 1 of the first step's twiddle: two doubles each. */
  readonly first: Float64Array;
  /** For each step, for each pair of nodes the powers 1 … radix − 1 of the radix-th root of its root. */
  readonly steps: readonly Float64Array[];
}

/** A whole turn: divisible by all that trees divide by, and below 2^45. */
const turnFor = (steps: readonly number[]): number =>
  steps.filter((radix) => radix !== 4).reduce((product, radix) => product * radix, 2 ** 36);

/** @param root the angle of the root r of the whole tree, X^m − r, in turns: a quarter or 0 */
export function treeTables({ first, steps }: TreeShape, root: number): TreeTables {
  const turn = turnFor(steps);
  /** Angles of the children in the order of the butterflies' outputs. */
  const children = (angle: number, radix: number): number[] => {
    const order = radix === 4 ? [0, 2, 1, 3] : Array.from({ length: radix }, (_, k) => k);
    return order.map((k) => angle / radix + (k * turn) / radix);
  };
  const firstTwiddles: number[] = [];
  for (let power = 1; power < first; power++) firstTwiddles.push(...rootOfUnity(((turn * root) / first) * power, turn));
  const nodes = children(turn * root, first);
  let pairs: number[][] = [];
  for (let k = 0; k < first; k += 2) pairs.push(nodes.slice(k, k + 2));
  const tables = steps.map((radix) => {
    const table = new Float64Array(entryDoubles(radix) * pairs.length);
    pairs.forEach((pair, index) => {
      for (let power = 1; power < radix; power++) {
        pair.forEach((angle, half) => {
          const at = entryDoubles(radix) * index + 8 * (power - 1) + 2 * half;
          const [cosine, sine] = rootOfUnity((angle / radix) * power, turn);
          table.fill(cosine, at, at + 2);
          table.fill(sine, at + 4, at + 6);
        });
      }
    });
    pairs = pairs.flatMap(([a = 0, b = 0]) => {
      const [ofA, ofB] = [children(a, radix), children(b, radix)];
      return ofA.map((angle, k) => [angle, ofB[k] as number]);
    });
    return table;
  });
  return { first: Float64Array.from(firstTwiddles), steps: tables };
}
