/**
 * Striking the bitmap of survivors: emitted code. A prime above the block's length hits once at most and
 * mostly not at all, so the way of a miss is one comparison of doubles.
 *
 * Every number that this takes out is recorded with the prime that did it, so that other code can say whether
 * that was right (`certificates.ts`).
 */

import { FunctionBuilder, f64, i32 } from '../../kernel/wasm/emit.ts';

/** A record holds this many pairs: at 100,000 digits it takes 14 ms to verify a full one. */
export const RECORD_PAIRS = 512;
/** A 32-bit count of pairs, another of padding, then the pairs: index and prime, 32 bits each. */
export const RECORD_BYTES = 8 + 8 * RECORD_PAIRS;

/**
 * Emits `strike(primes, indices, indicesEnd, bitmap, count, record)`: for each double i of `indices` and prime p
 * at the same place of `primes`, clears the bits i, i + p, i + 2p, … below `count`, and writes (i, p) to the
 * record for each that was 1. Returns the address in `indices` of what is still to do, the end when all is
 * done: a full record ends the call, and the next goes on from there.
 */
export function strikeFunction(): FunctionBuilder {
  const f = new FunctionBuilder('strike', ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], 'i32');
  const primes = f.parameter(0, 'i32');
  const indices = f.parameter(1, 'i32');
  const end = f.parameter(2, 'i32');
  const bitmap = f.parameter(3, 'i32');
  const count = f.parameter(4, 'i32');
  const record = f.parameter(5, 'i32');
  const limit = f.let(f64.fromI32(count));
  const pair = f.let(i32.add(record, i32.const(8)));
  const full = f.let(i32.add(record, i32.const(RECORD_BYTES)));
  const index = f.local('f64');
  const p = f.local('i32');
  const i = f.local('i32');
  const address = f.local('i32');
  const bits = f.local('i32');
  const struck = f.local('i32');
  f.while(
    () => i32.ltU(indices, end),
    () => {
      f.set(index, f64.load(indices));
      f.if(f64.lt(index, limit), () => {
        // Odd whatever happened to it: a step of nothing would never end.
        f.set(p, i32.or(i32.fromF64(f64.load(primes)), i32.const(1)));
        f.set(i, i32.fromF64(index));
        f.doWhile(
          () => {
            f.set(address, i32.add(bitmap, i32.shrU(i, i32.const(3))));
            f.set(bits, i32.load8(address));
            const place = i32.and(i, i32.const(7));
            f.set(struck, i32.and(i32.shrU(bits, place), i32.const(1)));
            f.storeI32Byte(address, 0, i32.sub(bits, i32.shl(struck, place)));
            // Without a branch, which no processor could foresee: where nothing was struck the next pair takes the place.
            f.storeI32(pair, 0, i);
            f.storeI32(pair, 4, p);
            f.set(pair, i32.add(pair, i32.shl(struck, i32.const(3))));
            // Below 2^24 + 2^31: no overflow as an unsigned number.
            f.set(i, i32.add(i, p));
          },
          () => i32.and(i32.ltU(i, count), i32.ltU(pair, full)),
        );
        f.if(i32.geU(pair, full), () => {
          f.if(
            i32.ltU(i, count),
            () => f.storeF64(indices, 0, f64.fromI32(i)),
            () => f.storeF64(indices, 0, limit),
          );
          f.set(indices, i32.sub(indices, i32.const(8)));
          f.set(end, i32.const(0));
        });
      });
      f.set(indices, i32.add(indices, i32.const(8)));
      f.set(primes, i32.add(primes, i32.const(8)));
    },
  );
  f.storeI32(record, 0, i32.shrU(i32.sub(i32.sub(pair, record), i32.const(8)), i32.const(3)));
  f.yields(indices);
  return f;
}
