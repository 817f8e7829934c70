/**
 * Striking the bitmap of survivors: emitted code. A prime above the block's length hits once at most and
 * mostly not at all, so the way of a miss is one comparison of doubles.
 */

import { FunctionBuilder, f64, i32 } from '../../kernel/wasm/emit.ts';

/**
 * Emits `strike(primes, indices, indicesEnd, bitmap, count)`: for each double i of `indices` and prime p at
 * the same place of `primes`, clears the bits i, i + p, i + 2p, … below `count`.
 */
export function strikeFunction(): FunctionBuilder {
  const f = new FunctionBuilder('strike', ['i32', 'i32', 'i32', 'i32', 'i32']);
  const primes = f.parameter(0, 'i32');
  const indices = f.parameter(1, 'i32');
  const indicesEnd = f.parameter(2, 'i32');
  const bitmap = f.parameter(3, 'i32');
  const count = f.parameter(4, 'i32');
  const limit = f.let(f64.fromI32(count));
  const index = f.local('f64');
  const p = f.local('i32');
  const i = f.local('i32');
  const address = f.local('i32');
  f.while(
    () => i32.ltU(indices, indicesEnd),
    () => {
      f.set(index, f64.load(indices));
      f.if(f64.lt(index, limit), () => {
        f.set(p, i32.fromF64(f64.load(primes)));
        f.set(i, i32.fromF64(index));
        f.doWhile(
          () => {
            f.set(address, i32.add(bitmap, i32.shrU(i, i32.const(3))));
            const bit = i32.shl(i32.const(1), i32.and(i, i32.const(7)));
            f.storeI32Byte(address, 0, i32.and(i32.load8(address), i32.sub(i32.const(-1), bit)));
            // Below 2^24 + 2^31: no overflow as an unsigned number.
            f.set(i, i32.add(i, p));
          },
          () => i32.ltU(i, count),
        );
      });
      f.set(indices, i32.add(indices, i32.const(8)));
      f.set(primes, i32.add(primes, i32.const(8)));
    },
  );
  return f;
}
