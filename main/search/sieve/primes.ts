/**
 * The odd primes of an interval, in order, by Eratosthenes' sieve in segments of 32 KB, a bit for each odd
 * number (bit n of the segment that begins at index L stands for 2(L + n) + 1): emitted code, and the small
 * tables that it starts from. Multiples of 3, 5, 7, 11 and 13 come struck from a pattern.
 *
 * The right method up to 2^31, where the residues of a long number cost several times as much as finding
 * the primes: a wheel would halve the strikes here and is not worth its code.
 */

import { FunctionBuilder, f64, type I32, i32 } from '../../kernel/wasm/emit.ts';

export const SEGMENT_BYTES = 32768;
/** Odd numbers in a segment. */
export const SEGMENT_ODDS = 8 * SEGMENT_BYTES;
/** Most primes in any segment: the first has the most, π(2^19) = 43,390. */
export const SEGMENT_PRIMES = 43390;
export const PATTERN_PRIMES = [3, 5, 7, 11, 13] as const;
/** The pattern repeats after 3·5·7·11·13 bytes. */
export const PATTERN_BYTES = 15015;

/** The struck bits of the pattern: byte b stands for the odd numbers 16b + 1 … 16b + 15. */
export function strikingPattern(): Uint8Array {
  const pattern = new Uint8Array(PATTERN_BYTES);
  for (const p of PATTERN_PRIMES) {
    for (let n = (p - 1) / 2; n < 8 * PATTERN_BYTES; n += p) pattern[n >> 3]! |= 1 << (n & 7);
  }
  return pattern;
}

/** The primes that strike in segments of numbers below `limit`: above 13, up to its square root. */
export function basePrimes(limit: number): number[] {
  const top = Math.floor(Math.sqrt(limit));
  const composite = new Uint8Array(top + 1);
  const primes: number[] = [];
  for (let p = 3; p <= top; p += 2) {
    if (composite[p] !== 0) continue;
    if (p > 13) primes.push(p);
    for (let multiple = p * p; multiple <= top; multiple += 2 * p) composite[multiple] = 1;
  }
  return primes;
}

/** How far from index `low` the first multiple of p lies that p has to strike: at p² or later. */
export function firstStrike(p: number, low: number): number {
  const square = (p * p - 1) / 2;
  if (square >= low) return square - low;
  const past = (low - square) % p;
  return past === 0 ? 0 : p - past;
}

/**
 * Emits `enumerate(segment, base, baseEnd)`: strikes the segment with the base primes, pairs of 32-bit
 * integers (p, distance to its next multiple), and moves the distances on to the next segment. The bits
 * of the pattern are there already.
 *
 * Eight strikes of p go over p bytes, at byte offsets and bits that depend on p mod 8 alone (as in
 * primesieve): so they are unrolled with constant masks, one loop for each of the four residues.
 */
export function enumerateFunction(): FunctionBuilder {
  const f = new FunctionBuilder('enumerate', ['i32', 'i32', 'i32']);
  const segment = f.parameter(0, 'i32');
  const base = f.parameter(1, 'i32');
  const baseEnd = f.parameter(2, 'i32');
  const p = f.local('i32');
  const n = f.local('i32');
  const address = f.local('i32');
  const eighth = f.local('i32');
  const last = f.local('i32');
  const first = f.local('i32');

  const strikeWhile = (condition: () => I32): void => {
    f.while(condition, () => {
      f.set(address, i32.add(segment, i32.shrU(n, i32.const(3))));
      f.storeI32Byte(address, 0, i32.or(i32.load8(address), i32.shl(i32.const(1), i32.and(n, i32.const(7)))));
      f.set(n, i32.add(n, p));
    });
  };
  const strikeEights = (residue: number): void => {
    f.if(i32.eq(i32.and(p, i32.const(7)), i32.const(residue)), () => {
      f.while(
        () => i32.geU(last, first),
        () => {
          f.set(address, first);
          for (let k = 0; k < 8; k++) {
            const offset = (k * residue) >> 3;
            const bit = i32.const(1 << ((k * residue) & 7));
            f.storeI32Byte(address, offset, i32.or(i32.load8(address, offset), bit));
            f.set(address, i32.add(address, eighth));
          }
          f.set(first, i32.add(first, p));
        },
      );
    });
  };

  const within = (): I32 => i32.ltU(n, i32.const(SEGMENT_ODDS));
  f.while(
    () => i32.ltU(base, baseEnd),
    () => {
      f.set(p, i32.load(base, 0));
      f.set(n, i32.load(base, 4));
      // One eight goes over p bytes: larger primes have none.
      f.if(i32.ltU(p, i32.const(SEGMENT_BYTES)), () => {
        strikeWhile(() => i32.and(within(), i32.ne(i32.and(n, i32.const(7)), i32.const(0))));
        f.set(first, i32.add(segment, i32.shrU(n, i32.const(3))));
        f.set(last, i32.sub(i32.add(segment, i32.const(SEGMENT_BYTES)), p));
        f.set(eighth, i32.shrU(p, i32.const(3)));
        f.if(i32.geU(last, first), () => {
          for (const residue of [1, 3, 5, 7]) strikeEights(residue);
          f.set(n, i32.shl(i32.sub(first, segment), i32.const(3)));
        });
      });
      strikeWhile(within);
      f.storeI32(base, 4, i32.sub(n, i32.const(SEGMENT_ODDS)));
      f.set(base, i32.add(base, i32.const(8)));
    },
  );
  return f;
}

/**
 * Emits `collect(segment, low, to)`: writes the odd numbers whose bit is not struck to `to` as doubles, in
 * order, and returns the address after the last. `low` is the first number of the segment.
 */
export function collectFunction(): FunctionBuilder {
  const f = new FunctionBuilder('collect', ['i32', 'i32', 'i32'], 'i32');
  const segment = f.parameter(0, 'i32');
  const low = f.parameter(1, 'i32');
  const to = f.parameter(2, 'i32');
  const end = f.let(i32.add(segment, i32.const(SEGMENT_BYTES)));
  const left = f.local('i32');
  f.doWhile(
    () => {
      f.set(left, i32.sub(i32.const(-1), i32.load(segment)));
      f.while(
        () => left,
        () => {
          f.storeF64(to, 0, f64.fromI32(i32.add(low, i32.shl(i32.ctz(left), i32.const(1)))));
          f.set(to, i32.add(to, i32.const(8)));
          f.set(left, i32.and(left, i32.sub(left, i32.const(1))));
        },
      );
      f.set(low, i32.add(low, i32.const(64)));
      f.set(segment, i32.add(segment, i32.const(4)));
    },
    () => i32.ltU(segment, end),
  );
  f.yields(to);
  return f;
}
