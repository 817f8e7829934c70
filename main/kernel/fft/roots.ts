/**
 * Tables of roots of unity for the transform tree. The negacyclic transform of length n works on m = n/2
 * complex points modulo X^m − i; a node X^s − r has the four children X^(s/4) − r', with r' the fourth
 * roots of r. A node at level l, place k has the same root in every tree, so all lengths share the tables.
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

export interface Level {
  /** For each node the powers 1, 2, 3 of the fourth root of its root: six doubles. */
  readonly twiddles: Float64Array;
  /** For each node its root: two doubles. */
  readonly roots: Float64Array;
}

export interface Roots {
  /** Powers 1 … radix − 1 of the first twiddle of an odd first step: two doubles each. Empty for radix 1. */
  readonly first: Float64Array;
  readonly levels: readonly Level[];
}

/** Tables for the trees of length up to n = radix·2^k, radix 1, 3 or 5. */
export function rootTables(n: number, radix: number): Roots {
  const turn = radix * 4 * 2 ** 36;
  const first: number[] = [];
  for (let power = 1; power < radix; power++) first.push(...rootOfUnity((turn / 4 / radix) * power, turn));
  let angles = Array.from({ length: radix }, (_, k) => turn / 4 / radix + (turn / radix) * k);
  const levels: Level[] = [];
  for (let size = n / 2 / radix; size >= 2; size /= 4) {
    const twiddles = new Float64Array(6 * angles.length);
    const roots = new Float64Array(2 * angles.length);
    angles.forEach((angle, node) => {
      for (let power = 1; power <= 3; power++) {
        twiddles.set(rootOfUnity((angle / 4) * power, turn), 6 * node + 2 * (power - 1));
      }
      roots.set(rootOfUnity(angle, turn), 2 * node);
    });
    levels.push({ twiddles, roots });
    angles = angles.flatMap((angle) => [
      angle / 4,
      angle / 4 + turn / 2,
      angle / 4 + turn / 4,
      angle / 4 + 0.75 * turn,
    ]);
  }
  return { first: Float64Array.from(first), levels };
}
