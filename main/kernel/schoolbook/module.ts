/**
 * One module for one number of limbs: its functions put together, compiled and given a memory with the tables that
 * depend on the size alone. Once for a size: docs/kernels.md, "Warming up".
 */

import { FunctionBuilder, type FunctionReference, i32, ModuleBuilder, type V128 } from '../wasm/emit.ts';
import { compileModule } from '../wasm/wide.ts';
import { shifters, startColumns, until } from './columns.ts';
import { foldFunction, multipleFunction } from './fold.ts';
import { CONSTANT, type Layout, layoutFor, writeConstants } from './layout.ts';
import { joinFunction, subtractFunction } from './moves.ts';
import { emitProduct, emitWideProduct, productBias } from './product.ts';
import { Reduction, reductionBias } from './reduce.ts';
import { emitSquare, squareBias } from './square.ts';

const LANES = [0, 1] as const;

/** Arguments are addresses of residues, except the count of squarings. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  chain(residue: number, count: number): void;
  multiply(to: number, x: number, y: number): void;
  /** Up to the address behind the last step. */
  steps(residue: number, end: number): void;
  subtract(to: number, x: number, y: number): void;
  /** Up to the address behind the last lane. */
  ladder(pair: number, scratch: number, less0: number, less1: number, end: number): void;
  fold(to: number, from: number): void;
  /** `factor` is the address of a vector of two integers. */
  multiple(to: number, factor: number): void;
  join00(to: number, first: number, second: number): void;
  join01(to: number, first: number, second: number): void;
  join10(to: number, first: number, second: number): void;
  join11(to: number, first: number, second: number): void;
}

export interface SchoolbookModule extends Exports {
  readonly layout: Layout;
}

/**
 * `chain(residue, count)`: squares and reduces `count` times. Both in one body: as functions of their own they took
 * 2-4 % longer below 300 digits.
 */
function chainFunction(layout: Layout): FunctionBuilder {
  const f = new FunctionBuilder('chain', ['i32', 'i32']);
  const residue = f.parameter(0, 'i32');
  const doublings = f.let(i32.const(layout.doublings));
  const end = f.let(i32.add(doublings, f.parameter(1, 'i32')));
  const constants = shifters(f);
  until(f, doublings, end, () => {
    const reduction = new Reduction(f, layout, constants);
    emitSquare(f, layout, constants, residue, (column, finished) => reduction.lowest(column, finished));
    const lanes = i32.and(i32.load8(doublings), i32.const(3));
    reduction.finish(residue, f.let(i32.add(i32.shl(lanes, i32.const(4)), i32.const(CONSTANT.doublingMasks))));
    f.set(doublings, i32.add(doublings, i32.const(1)));
  });
  return f;
}

/** `multiply(to, x, y)` */
function multiplyFunction(layout: Layout): FunctionBuilder {
  const f = new FunctionBuilder('multiply', ['i32', 'i32', 'i32']);
  const constants = shifters(f);
  const reduction = new Reduction(f, layout, constants);
  const [x, y] = [f.parameter(1, 'i32'), f.parameter(2, 'i32')];
  const stored = (column: number, finished: V128): V128 => reduction.lowest(column, finished);
  if (layout.wide) emitWideProduct(f, layout, x, y, stored);
  else emitProduct(f, layout, constants, x, y, stored);
  reduction.finish(f.parameter(0, 'i32'), i32.const(CONSTANT.doublingMasks));
  return f;
}

/** `steps(residue, end)`: for each step squares, and multiplies by a register unless that is the first one. */
function stepsFunction(layout: Layout, chain: FunctionReference, multiply: FunctionReference): FunctionBuilder {
  const f = new FunctionBuilder('steps', ['i32', 'i32']);
  const residue = f.parameter(0, 'i32');
  const step = f.let(i32.const(layout.steps));
  until(f, step, f.parameter(1, 'i32'), () => {
    const count = f.let(i32.load8(step));
    f.if(count, () => f.call(chain, residue, count));
    const factor = f.let(i32.load8(step, 1));
    const address = i32.add(i32.mul(factor, i32.const(layout.registerBytes)), i32.const(layout.registers));
    f.if(factor, () => f.call(multiply, residue, residue, address));
    f.set(step, i32.add(step, i32.const(2)));
  });
  return f;
}

interface LadderParts {
  readonly multiply: FunctionReference;
  readonly subtract: FunctionReference;
  /** Each lane, in both. */
  readonly spread: readonly [FunctionReference, FunctionReference];
}

/** `ladder(pair, scratch, less0, less1, end)`: for each lane of the steps multiplies by it and subtracts. */
function ladderFunction(layout: Layout, { multiply, subtract, spread }: LadderParts): FunctionBuilder {
  const f = new FunctionBuilder('ladder', ['i32', 'i32', 'i32', 'i32', 'i32']);
  const [pair, scratch] = [f.parameter(0, 'i32'), f.parameter(1, 'i32')];
  const step = f.let(i32.const(layout.steps));
  until(f, step, f.parameter(4, 'i32'), () => {
    const of = (lane: 0 | 1) => (): void => {
      f.call(spread[lane], scratch, pair, pair);
      f.call(multiply, pair, pair, scratch);
      f.call(subtract, pair, pair, f.parameter(2 + lane, 'i32'));
    };
    f.if(i32.load8(step), of(1), of(0));
    f.set(step, i32.add(step, i32.const(1)));
  });
  return f;
}

/** The module's bytes, for a memory with room for no register yet. */
export function emitModule(layout: Layout): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  const chain = module.define(chainFunction(layout));
  const multiply = module.define(multiplyFunction(layout));
  module.define(stepsFunction(layout, chain, multiply));
  const subtract = module.define(subtractFunction(layout));
  module.define(foldFunction(layout));
  module.define(multipleFunction(layout));
  const [zero, , , one] = LANES.flatMap((first) =>
    LANES.map((second) => module.define(joinFunction(layout, first, second))),
  ) as [FunctionReference, FunctionReference, FunctionReference, FunctionReference];
  module.define(ladderFunction(layout, { multiply, subtract, spread: [zero, one] }));
  return module.encode(layout.registers);
}

function writeColumns(memory: WebAssembly.Memory, address: number, columns: BigInt64Array): void {
  const target = new BigInt64Array(memory.buffer, address, 2 * columns.length);
  columns.forEach((value, column) => {
    target.fill(value, 2 * column, 2 * column + 2);
  });
}

/** @param wide by pairs of columns, merged by the engine */
export function loadModule(limbs: number, wide = false): SchoolbookModule {
  const layout = layoutFor(limbs, wide);
  const instance = new WebAssembly.Instance(compileModule(emitModule(layout), wide));
  const exports = instance.exports as unknown as Exports;
  writeConstants(exports.memory);
  const reduction = reductionBias(limbs, wide);
  writeColumns(exports.memory, layout.squareStart, startColumns(limbs, [squareBias(limbs, wide), reduction]));
  writeColumns(exports.memory, layout.productStart, startColumns(limbs, [productBias(limbs, wide), reduction]));
  new Float64Array(exports.memory.buffer, layout.unit, 2).fill(1);
  return { ...exports, layout };
}
