/**
 * How fast the search goes, as measured on its own work, and what follows from that: how many survivors a unit
 * gets, how deep to sieve, when to expect the next prime. It only costs or saves time; the primes are the same.
 */

import { blockCount } from '../../search/blocks.ts';
import { screensOfConfirmation } from '../../search/cost.ts';
import {
  expectedTestsPerPrime,
  guessSecondsPerSievePrime,
  guessSecondsPerTest,
  oddNumbersPerPrime,
} from '../../search/estimate.ts';
import { bestDepth, completeDepth, measuredSecondsPerPrime, primesBetween } from '../../search/sieve/depth.ts';

/** A unit should take about this long: long enough that messages cost nothing, short enough to settle soon. */
const UNIT_SECONDS = 1;
const LARGEST_UNIT = 4096;
/** Units begin small and double, until a measurement says how long one takes. */
const FIRST_UNIT = 4;
/** A unit tells the speed when it has this many tests, or lasts so long that warming up does not show. */
const WARM_UNIT = 16;
const WARM_SECONDS = 1;
/** A new measurement's weight against the mean of those before. */
const WEIGHT = 0.2;
/** The first stage has too few primes, and too small ones, to say what a deep one costs. */
const MEASURABLE_DEPTH = 2 ** 24;
/** Between two stages of the sieve the depth grows by this, or by more when more is due. */
const STAGE = 8;

/** What was done in a unit. */
export interface UnitWork {
  /** Screens. */
  readonly tested: number;
  /** Primes that were confirmed. */
  readonly confirmed: number;
  /** Rounds of each. */
  readonly rounds: number;
  /** CPU time. */
  readonly seconds: number;
}

export class Rates {
  private readonly digits: number;
  private largestUnit = FIRST_UNIT;
  private measured = false;
  /** Of one screen: what is saved by sieving deeper. */
  private secondsPerTest: number;
  /** Of one screen and what follows from it: at 100 digits the confirmations are most of it. */
  private secondsPerSurvivor: number;
  private secondsPerSievePrime: number;

  constructor(digits: number) {
    this.digits = digits;
    this.secondsPerTest = guessSecondsPerTest(digits);
    this.secondsPerSurvivor = this.secondsPerTest;
    this.secondsPerSievePrime = guessSecondsPerSievePrime(digits);
  }

  /** The first one replaces the guess. */
  bookUnit({ tested, confirmed, rounds, seconds }: UnitWork): void {
    this.largestUnit = Math.min(LARGEST_UNIT, 2 * this.largestUnit);
    if (tested === 0 || seconds === 0) return;
    // The first units of small numbers are mostly the engine warming up, and would make tests look dear.
    if (tested < WARM_UNIT && seconds < WARM_SECONDS) return;
    const weight = this.measured ? WEIGHT : 1;
    const inScreens = tested + confirmed * screensOfConfirmation(rounds);
    this.secondsPerTest += weight * (seconds / inScreens - this.secondsPerTest);
    this.secondsPerSurvivor += weight * (seconds / tested - this.secondsPerSurvivor);
    this.measured = true;
  }

  bookSieve(range: { readonly from: number; readonly to: number }, seconds: number): void {
    if (range.to <= MEASURABLE_DEPTH || seconds === 0) return;
    this.secondsPerSievePrime = measuredSecondsPerPrime(range, seconds);
  }

  /** Survivors of the next unit: even, because they are screened two at a time. */
  get unitSize(): number {
    const size = Math.round(UNIT_SECONDS / this.secondsPerSurvivor / 2) * 2;
    return Math.min(this.largestUnit, Math.max(2, size));
  }

  /**
   * How deep a block is worth sieving now. Cost decides the final depth (docs/sieve.md), over the part of a block
   * that will be searched. The way there is taken in stages, each when the search has lasted so long that, going on
   * as long again, it would save by it what it costs: so testing begins at once, and a short search is not
   * sieved for a week.
   * @param from how deep it is sieved already, 2 or more
   * @param wanted primes still to be found; Infinity: until it is stopped
   * @param invested CPU seconds of the search so far
   * @returns `from` when nothing is due
   */
  depth(from: number, wanted: number, invested: number): number {
    const secondsPerPrime = this.secondsPerSievePrime;
    for (let to = this.finalDepth(wanted); to > from; to = Math.floor(to / STAGE)) {
      const saved = 1 - Math.log(from) / Math.log(to);
      if (invested * saved >= primesBetween(from, to) * secondsPerPrime) return to;
    }
    return from;
  }

  private finalDepth(wanted: number): number {
    const { digits } = this;
    const count = Math.min(blockCount(digits), Math.ceil(Math.max(1, wanted) * oddNumbersPerPrime(digits)));
    const best = bestDepth({ secondsPerTest: this.secondsPerTest, secondsPerPrime: this.secondsPerSievePrime, count });
    // Small numbers: from the root on every survivor is prime, and there is nothing left to strike.
    return digits < 20 ? Math.min(best, completeDepth(10n ** BigInt(digits), 1)) : best;
  }

  /** Mean waiting time for the next prime at this speed; null where something is not known yet. */
  expectedSeconds(survivorShare: number | null, testsPerSecond: number | null): number | null {
    if (survivorShare === null || testsPerSecond === null) return null;
    return expectedTestsPerPrime(this.digits, survivorShare) / testsPerSecond;
  }
}
