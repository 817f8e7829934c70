/**
 * The campaign's own random numbers: sfc32 (Chris Doty-Humphrey's PractRand), seeded by SHA-256 of a label. What the
 * program under test draws has nothing to do with it. Each run has a generator of its own, so that one run can be
 * repeated without the runs before it.
 */

import { createHash } from 'node:crypto';

export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(label: string) {
    const digest = createHash('sha256').update(label).digest();
    this.a = digest.readInt32LE(0);
    this.b = digest.readInt32LE(4);
    this.c = digest.readInt32LE(8);
  }

  private word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform from 0 to below 1. */
  real(): number {
    return this.word() / 2 ** 32;
  }

  /** Uniform whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.real() * limit);
  }

  chance(probability: number): boolean {
    return this.real() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('expected something to choose from, got nothing');
    return choices[this.below(choices.length)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
