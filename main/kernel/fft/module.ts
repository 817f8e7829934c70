/**
 * The WebAssembly module of one transform length and word size. One modular squaring, by McLaughlin's
 * Montgomery reduction with the roles of the rings swapped (Math. Comp. 73 (2004), 899–907), for B = 2^b,
 * R = B^n + 1 and Q = B^n − 1:
 *
 *   u = x² mod R;  m = u·(−1/N) mod R;  y = x² + m·N mod Q
 *
 * R divides x² + m·N, and R ≡ 2 modulo Q, so y is twice the quotient exactly: y ≡ x²/(R/2) modulo N. With
 * |y| ≤ N + 2x²/R and a few bits of slack (transform.ts) the balanced words of y modulo Q are y itself.
 *
 * The passes are functions that are called, not inlined: inlining leaves made 160 words 5 % slower, the rest
 * changed nothing.
 */

import type { Steps } from '../steps.ts';
import { FunctionBuilder, type I32, i32, type Local, ModuleBuilder, plus } from '../wasm/emit.ts';
import { compileModule } from '../wasm/wide.ts';
import { cyclicCarry, negacyclicCarry, subtraction } from './carry.ts';
import type { Style } from './complex.ts';
import { emitCyclic } from './cyclic.ts';
import { CONSTANTS, type Layout, memoryBytes } from './layout.ts';
import { Passes } from './passes.ts';
import { emitTree, type Operands, type Schedule } from './tree.ts';

/** What an instance offers. All arguments are addresses of arrays, if not said otherwise. */
export interface FftExports {
  readonly memory: WebAssembly.Memory;
  /** Transforms the negated inverse and the modulus in their places. */
  prepare(): void;
  /**
   * x = source²·2/R, and so on `count` times, lanes doubled as the bytes at `doublings` say (bit 0: lane 0, bit 1: lane 1).
   * The source is only read.
   */
  squareChain(source: number, x: number, doublings: number, count: number): void;
  /** x = source·y·2/R. The arrays source and y are only read; y must not be x. */
  multiply(source: number, x: number, y: number): void;
  /** to = x − y */
  subtraction(to: number, x: number, y: number): void;
}

export function* fftModule(layout: Layout, style: Style): Steps<WebAssembly.Module> {
  const builder = new ModuleBuilder();
  const passes = new Passes(builder, style);
  const { transform } = layout;
  const points = transform.n / 2;
  const work = i32.const(layout.work);
  const factor = i32.const(layout.factor);
  const negatedInverse = i32.const(layout.negatedInverse);
  const modulus = i32.const(layout.modulus);
  const schedule = (f: FunctionBuilder): Schedule => ({ f, passes, layout });
  const operands = (x: Operands['x'], others: Partial<Operands> = {}): Operands => ({ x, y: x, z: x, t: x, ...others });
  /** work = work·(−1/N) mod R, after carrying the coefficients that are there. */
  const reduce = (f: FunctionBuilder): void => {
    const carry = negacyclicCarry(passes, transform);
    f.call(carry, work);
    emitTree(schedule(f), 'times', operands(work, { t: negatedInverse }), points, work);
    f.call(carry, work);
  };
  const cyclic = (f: FunctionBuilder, product: 'squarePlus' | 'timesPlus', source: I32, x: I32): void =>
    emitCyclic(schedule(f), product, operands(x, { y: work, z: factor, t: modulus }), source);

  const prepare = new FunctionBuilder('prepare');
  emitTree(schedule(prepare), 'transform', operands(negatedInverse), points, negatedInverse);
  emitCyclic(schedule(prepare), 'transform', operands(modulus));
  builder.define(prepare);

  const square = new FunctionBuilder('square', ['i32', 'i32', 'i32']);
  {
    const [source, x, factors] = parametersOf(square, 3) as [Parameter, Parameter, Parameter];
    emitTree(schedule(square), 'square', operands(work), points, source);
    reduce(square);
    cyclic(square, 'squarePlus', source, x);
    square.call(cyclicCarry(passes, transform), x, factors);
  }
  const squareReference = builder.define(square);

  const chain = new FunctionBuilder('squareChain', ['i32', 'i32', 'i32', 'i32']);
  {
    const [source, x, doublings, count] = parametersOf(chain, 4) as [Parameter, Parameter, Parameter, Parameter];
    chain.doWhile(
      () => {
        const lanes = i32.and(i32.load8(doublings), i32.const(3));
        chain.call(squareReference, source, x, plus(i32.shl(lanes, i32.const(5)), CONSTANTS.factors));
        chain.set(source, x);
        chain.set(doublings, plus(doublings, 1));
        chain.set(count, i32.sub(count, i32.const(1)));
      },
      () => count,
    );
  }
  builder.define(chain);

  const multiply = new FunctionBuilder('multiply', ['i32', 'i32', 'i32']);
  {
    const [source, x, y] = parametersOf(multiply, 3) as [Parameter, Parameter, Parameter];
    emitTree(schedule(multiply), 'transform', operands(factor), points, y);
    emitTree(schedule(multiply), 'times', operands(work, { t: factor }), points, source);
    reduce(multiply);
    multiply.copyMemory(factor, y, i32.const(layout.arrayBytes));
    cyclic(multiply, 'timesPlus', source, x);
    multiply.call(cyclicCarry(passes, transform), x, i32.const(CONSTANTS.factors));
  }
  builder.define(multiply);

  subtraction(passes, transform);
  const bytes = builder.encode(memoryBytes(layout, 1));
  yield;
  return compileModule(bytes, style.wide);
}

type Parameter = Local<'i32'>;

const parametersOf = (f: FunctionBuilder, count: number): Parameter[] =>
  Array.from({ length: count }, (_, index) => f.parameter(index, 'i32'));
