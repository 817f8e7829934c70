/**
 * How much work a prime is, before anything is measured: the prime number theorem for the number of tests,
 * rough powers of the size for their cost. Guesses only choose how deep to sieve and how much to hand out at
 * once; measurements replace them as soon as there are any.
 */

/** Mean of ln N over N uniform in [10^(d−1), 10^d): d·ln 10 − 1 + ln(10)/9. */
export function meanLogarithm(digits: number): number {
  return digits * Math.LN10 - 1 + Math.LN10 / 9;
}

/** Odd numbers of this many digits for each prime among them, on average. */
export function oddNumbersPerPrime(digits: number): number {
  return meanLogarithm(digits) / 2;
}

/** @param survivorShare share of the odd numbers that the sieve leaves */
export function expectedTestsPerPrime(digits: number, survivorShare: number): number {
  return Math.max(1, survivorShare * oddNumbersPerPrime(digits));
}

/** Seconds of a base-2 test of one candidate on a core of 2023; 12 µs of it make ready, 4 ms at 1,000 digits. */
export function guessSecondsPerTest(digits: number): number {
  if (digits < 20) return 4e-6;
  const exponent = digits < 1000 ? 2.4 : 2.06;
  return 12e-6 + 4e-3 * (digits / 1000) ** exponent;
}

/** Seconds that one prime of the sieve costs, residue and strike: 32 ns at 1,000 digits. */
export function guessSecondsPerSievePrime(digits: number): number {
  return 12e-9 + 20e-9 * (digits / 1000);
}
