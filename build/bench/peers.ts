/** What the benchmark wants of a program that nice19 is compared with. All times are CPU time, in seconds. */

export interface Peer {
  readonly name: string;
  readonly version: string;
  /** 2^(N − 1) mod N of each number, one after the other; `ones` is how many of the powers are 1. */
  readonly powers?: (numbers: readonly bigint[]) => Promise<{ readonly cpuSeconds: number; readonly ones: number }>;
  /** A prime of this many digits, or of as many bits, in the program's own way, and what that way is called. */
  readonly prime?: PrimeMaker;
  close(): void;
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
}

/** A program or library is missing; the message says what to do. */
export class PeerMissing extends Error {
  override readonly name = 'PeerMissing';
}
