/**
 * How the cost of a prime grows with its size: CPU seconds for a prime at sizes from 100 to 25,000 digits, from the tests that
 * it takes after the sieve, the time of a test, the sieve's share and the confirmation, each measured (main/search/bench.ts);
 * and the exponent of a straight line through them on paper with two logarithmic scales, beside that of theory.
 *
 * Theory. Tests for a prime grow as d/ln P, P being the depth of the sieve; a test is 3.32·d squarings; a squaring costs d²
 * by the schoolbook and d·log d by transforms. So d⁴/ln P below 740 digits and d³·log d/ln P above, and ln P grows by a third.
 */

import { benchSize, type SizeCost } from '../../main/search/bench.ts';
import { blockCount } from '../../main/search/blocks.ts';
import { oddNumbersPerPrime } from '../../main/search/estimate.ts';
import { primesBetween } from '../../main/search/sieve/depth.ts';
import { type Line, lineThrough } from './statistics.ts';

const SIZES = [100, 200, 300, 400, 600, 1000, 1500, 2500, 5000, 10_000, 25_000] as const;
const SCHOOLBOOK_BELOW = 740;
const REPEATS = 3;
/** To 2^-40: rounds, and what the Lucas test and the check come to in rounds. */
const CONFIRMATION_ROUNDS = 20 + 4;

export interface GrowthPoint {
  readonly digits: number;
  readonly tests: number;
  readonly testSeconds: number;
  /** Of a prime's seconds, the parts. */
  readonly screens: number;
  readonly confirmation: number;
  readonly sieve: number;
  readonly seconds: number;
}

export interface GrowthFit {
  readonly from: number;
  readonly to: number;
  readonly measured: Line;
  /** Of the screens alone, which theory speaks of: the confirmation is a constant number of tests. */
  readonly screens: Line;
  readonly theory: Line;
}

export interface Growth {
  readonly points: readonly GrowthPoint[];
  readonly fits: readonly GrowthFit[];
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** CPU seconds for a prime to 2^-40, from the measured parts of a size. */
export function pointOf(digits: number, cost: SizeCost): GrowthPoint {
  const { testsPerPrime, baseTwoTest, round, sievePrime, sieveDepth } = cost;
  const screens = testsPerPrime * baseTwoTest;
  const confirmation = CONFIRMATION_ROUNDS * round;
  const sieve = (sievePrime * primesBetween(3, sieveDepth) * oddNumbersPerPrime(digits)) / blockCount(digits);
  const seconds = screens + confirmation + sieve;
  return { digits, tests: testsPerPrime, testSeconds: baseTwoTest, screens, confirmation, sieve, seconds };
}

export function measureGrowth(tell: (digits: number) => void): Growth {
  const costs = SIZES.map((digits) => {
    tell(digits);
    const runs = Array.from({ length: REPEATS }, () => measured(digits));
    const points = runs.map((cost) => pointOf(digits, cost));
    const best = points.reduce((least, point) => (point.seconds < least.seconds ? point : least));
    return { point: best, depth: (runs[0] as SizeCost).sieveDepth };
  });
  const range = (from: number, to: number): GrowthFit => {
    const some = costs.filter(({ point }) => point.digits >= from && point.digits <= to);
    const xs = some.map(({ point }) => Math.log(point.digits));
    const logarithms = (part: (point: GrowthPoint) => number) => some.map(({ point }) => Math.log(part(point)));
    const theory = some.map(({ point, depth }) => Math.log(theoretical(point.digits, depth)));
    return {
      from,
      to,
      measured: lineThrough(
        xs,
        logarithms(({ seconds }) => seconds),
      ),
      screens: lineThrough(
        xs,
        logarithms(({ screens }) => screens),
      ),
      theory: lineThrough(xs, theory),
    };
  };
  return { points: costs.map(({ point }) => point), fits: [range(100, 600), range(1000, 25_000), range(100, 25_000)] };
}

/** In any unit, the same on both sides of where the kernels cross. */
function theoretical(digits: number, depth: number): number {
  const squaring = (d: number): number => d * Math.log2(d);
  const crossing = squaring(SCHOOLBOOK_BELOW);
  const own = digits < SCHOOLBOOK_BELOW ? crossing * (digits / SCHOOLBOOK_BELOW) ** 2 : squaring(digits);
  return (digits / Math.log(depth)) * digits * own;
}

function measured(digits: number): SizeCost {
  const steps = benchSize(digits, undefined, cpuSeconds);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
