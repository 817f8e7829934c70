/**
 * Inverses of moduli that will be opened soon, worked out together (see inverse.ts) and kept until used. That of a
 * number in both lanes stays longer: its Rabin rounds open it again and again. Moduli of nearly one size share a
 * transform, so that any two of them can be opened as a pair.
 */

import { bitLength, type Lanes } from '../field.ts';
import { type Steps, toTheEnd } from '../steps.ts';
import { negatedInverses } from './inverse.ts';
import { SLACK_BITS, sameTransform, type Transform } from './transform.ts';

/** Moduli shorter than the longest by less than this take its transform: decimal digits leave 4 lengths in bits. */
const SAME_SIZE_BITS = 8;
const KEPT_BYTES = 1 << 24;

export class ExpectedInverses {
  private readonly kept = new Map<bigint, { readonly transform: Transform; readonly inverse: bigint | null }>();
  private keptBytes = 0;

  /**
   * @param choose the transform for a size, or undefined where there is none
   * @returns the transforms that the moduli will be opened in
   */
  *expecting(moduli: readonly bigint[], choose: (bits: number) => Transform | undefined): Steps<Transform[]> {
    const usable = moduli.filter((modulus) => modulus > 1n && (modulus & 1n) === 1n);
    const sizes = usable.map(bitLength);
    const longest = Math.max(0, ...sizes);
    const groups = new Map<string, { readonly transform: Transform; readonly moduli: bigint[] }>();
    usable.forEach((modulus, index) => {
      const size = sizes[index] as number;
      const transform = choose(longest - size < SAME_SIZE_BITS ? longest : size);
      if (transform === undefined || this.kept.has(modulus)) return;
      const key = `${transform.n}×${transform.wordBits}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { transform, moduli: [modulus] });
      else group.moduli.push(modulus);
    });
    for (const { transform, moduli: group } of groups.values()) {
      const inverses = yield* negatedInverses(group, ringBits(transform));
      group.forEach((modulus, index) => {
        this.keep(modulus, transform, inverses[index] ?? null);
      });
    }
    return [...groups.values()].map(({ transform }) => transform);
  }

  /** The transform in which the inverses of both moduli are known, if it holds so many bits. */
  transformOf(moduli: Lanes<bigint>, bits: number): Transform | undefined {
    const [first, second] = moduli.map((modulus) => this.kept.get(modulus)?.transform);
    if (first === undefined || second === undefined || !sameTransform(first, second)) return undefined;
    return ringBits(first) >= bits + SLACK_BITS ? first : undefined;
  }

  /** −1/N modulo R for both moduli, or null where one has none. What is not known is worked out at once. */
  take(moduli: Lanes<bigint>, transform: Transform): Lanes<bigint> | null {
    const distinct = moduli[0] === moduli[1] ? [moduli[0]] : moduli;
    const known = new Map<bigint, bigint | null>();
    for (const modulus of distinct) {
      const entry = this.kept.get(modulus);
      if (entry !== undefined && sameTransform(entry.transform, transform)) known.set(modulus, entry.inverse);
      this.forget(modulus);
    }
    const missing = distinct.filter((modulus) => !known.has(modulus));
    toTheEnd(negatedInverses(missing, ringBits(transform))).forEach((inverse, index) => {
      known.set(missing[index] as bigint, inverse);
    });
    const [first = null, second = null] = moduli.map((modulus) => known.get(modulus));
    if (distinct.length === 1) this.keep(moduli[0], transform, first);
    return first === null || second === null ? null : [first, second];
  }

  /** Keeps an inverse, and lets the oldest go when there are too many. */
  private keep(modulus: bigint, transform: Transform, inverse: bigint | null): void {
    this.forget(modulus);
    this.kept.set(modulus, { transform, inverse });
    this.keptBytes += ringBits(transform) / 4;
    for (const oldest of this.kept.keys()) {
      if (this.keptBytes <= KEPT_BYTES) break;
      this.forget(oldest);
    }
  }

  private forget(modulus: bigint): void {
    const entry = this.kept.get(modulus);
    if (entry === undefined) return;
    this.keptBytes -= ringBits(entry.transform) / 4;
    this.kept.delete(modulus);
  }
}

/** R is 2 to this power, plus one. */
const ringBits = ({ n, wordBits }: Transform): number => n * wordBits;
