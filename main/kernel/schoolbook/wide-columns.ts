/**
 * Two columns side by side, for an engine that merges pairs of operations into 256-bit ones (wasm/wide.ts). A product's
 * high half belongs to the column after that of its low half: so the two halves are summed in arrays of their own, and
 * both halves of a pair stay in step. Column c is then lows[c] + highs[c − 1].
 *
 * The registers are locals of the whole function, used again and again: every local is carried round every loop, and
 * V8 merges nothing where too many of them are, each of which it would have to split.
 */

import { type FunctionBuilder, f64x2, type I32, i32, i64x2, multiplyAdd, type V128, v128 } from '../wasm/emit.ts';
import type { Vector } from './columns.ts';
import { CONSTANT, type Layout, VECTOR } from './layout.ts';

const { madd } = multiplyAdd('fused');

/** One value for each of two columns. */
type Pair = readonly [Vector, Vector];
type Half = 0 | 1;

/** A limb, and the factors that it meets in a column and in the next one. */
export interface WideProduct {
  readonly row: Vector;
  readonly factors: (half: Half) => V128;
}

export class WideColumns {
  private readonly f: FunctionBuilder;
  /** From the address of a low half to that of a high half of the same column. */
  private readonly toHigh: number;
  private readonly low: Pair;
  private readonly high: Pair;
  private readonly factors: Pair;
  private readonly highs: readonly [Pair, Pair];
  private readonly lows: readonly [Pair, Pair];
  private readonly highShifter: Pair;
  private readonly bothShifters: Pair;

  constructor(f: FunctionBuilder, { columns, highs }: Layout) {
    const pair = (): Pair => [f.local('v128'), f.local('v128')];
    const splat = (address: number): Pair => [
      f.let(v128.loadSplat64(i32.const(0), address)),
      f.let(v128.loadSplat64(i32.const(0), address)),
    ];
    this.f = f;
    this.toHigh = highs - columns;
    this.low = pair();
    this.high = pair();
    this.factors = pair();
    this.highs = [pair(), pair()];
    this.lows = [pair(), pair()];
    this.highShifter = splat(CONSTANT.highShifter);
    this.bothShifters = splat(CONSTANT.bothShifters);
  }

  /**
   * Adds products to the two columns at an address.
   * @param start from that address to where the low halves start from
   */
  add(products: readonly WideProduct[], columns: I32, offset: number, start = 0): void {
    const { f, low, high, toHigh } = this;
    this.set(low, (half) => v128.load(columns, offset + start + VECTOR * half));
    this.set(high, (half) => v128.load(columns, offset + toHigh + VECTOR * half));
    for (let k = 0; k < products.length; k += 2) this.addTwo(products.slice(k, k + 2));
    // The upper store first: V8 merges the other way round, too, but leaves a store too many.
    f.storeV128(columns, offset + toHigh + VECTOR, high[1]);
    f.storeV128(columns, offset + toHigh, high[0]);
    f.storeV128(columns, offset + VECTOR, low[1]);
    f.storeV128(columns, offset, low[0]);
  }

  /** One or two products, which share halves as in `columns.ts`. */
  private addTwo(products: readonly WideProduct[]): void {
    const { low, high, factors } = this;
    let before = this.highShifter;
    products.forEach(({ row, factors: load }, place) => {
      const sum = this.highs[place as Half];
      const rest = this.lows[place as Half];
      const from = place === 0 ? this.bothShifters : before;
      const above = before;
      this.set(factors, load);
      this.set(sum, (half) => madd(row, factors[half], above[half]));
      this.set(rest, (half) => madd(row, factors[half], f64x2.sub(from[half], sum[half])));
      if (place === 1) this.set(this.lows[0], (half) => f64x2.add(this.lows[0][half], rest[half]));
      before = sum;
    });
    this.set(low, (half) => i64x2.add(low[half], this.lows[0][half]));
    this.set(high, (half) => i64x2.add(high[half], before[half]));
  }

  private set([first, second]: Pair, value: (half: Half) => V128): void {
    this.f.set(first, value(0));
    this.f.set(second, value(1));
  }
}
