/**
 * What a job asks of a computer, from measurements (docs/pool.md has them): memory of both processes of a job with one
 * worker, at its peak.
 */

const MIB = 2 ** 20;

/** Resident memory at the peak, in MiB, of sizes up to this many digits. */
const MEASURED: readonly (readonly [digits: number, mebibytes: number])[] = [
  [10_000, 204],
  [100_000, 227],
];
/** The heap of two Nodes varies by some tens of MiB, and a job may run for weeks. */
const MARGIN = 1.5;

/** MiB, a multiple of 64. */
export function requestMemory(digits: number): number {
  const measured = MEASURED.find(([most]) => digits <= most) ?? (MEASURED.at(-1) as (typeof MEASURED)[number]);
  return Math.ceil((measured[1] * MARGIN) / 64) * 64;
}

/**
 * Node, the program, the state with its residues, the sieve and 100,000 finds.
 * @param carriedBytes of the program and of Node, where it is carried along
 * @returns MiB
 */
export function requestDisk(digits: number, carriedBytes: number): number {
  // Four residues in hexadecimal, twice: the old state and the new one.
  const state = 8 * digits + 100_000;
  return Math.ceil((1.2 * (carriedBytes + state + 25_000_000)) / MIB);
}
