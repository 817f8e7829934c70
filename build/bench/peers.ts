/** What the benchmark wants of a program that nice19 is compared with. All times are CPU time, in seconds. */

export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly powers?: PowerMaker;
  /** A prime of this many digits, or of as many bits, in the program's own way, and what that way is called. */
  readonly prime?: PrimeMaker;
  close(): void;
}

/** Powers of two, the part of a base-2 test that takes the time. */
export interface PowerMaker {
  /** What computes them. */
  readonly way: string;
  /** @param bits 2 to the first so many bits of N − 1, modulo N; 0: to all of N − 1 */
  make(numbers: readonly bigint[], bits: number): Promise<Powers>;
  /** What an exponent of so many bits costs, in squarings: windows take products beside them. */
  squarings(bits: number): number;
}

export interface Powers {
  readonly cpuSeconds: number;
  readonly residues: readonly bigint[];
}

export interface PrimeMaker {
  readonly way: string;
  /** @param start a random number of the size, for programs that begin at one */
  make(start: bigint): Promise<PrimeCost>;
}

export interface PrimeCost {
  readonly cpuSeconds: number;
  /** Odd numbers between the start and the prime; null when the program does not say. */
  readonly oddNumbers: number | null;
  /** Primes that it is the mean of; 1 if left out. */
  readonly of?: number;
}

/** A program or library is missing; the message says what to do. */
export class PeerMissing extends Error {
  override readonly name = 'PeerMissing';
}
