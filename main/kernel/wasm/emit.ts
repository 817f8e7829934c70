/**
 * A small typed WebAssembly emitter: expressions are values, statements append to a function, and the
 * result is a module's bytes. Both fast kernels are written with it, so that a kernel can be specialised
 * for its exact size at run time (number of limbs, transform length, with or without fused multiply-add)
 * and complex arithmetic or a butterfly is written once, as ordinary TypeScript.
 *
 * Code is emitted in the order in which statements are called. V8's optimising compiler keeps that order
 * closely, so the order of loads and operations in a kernel is chosen with care: moving loads early costs
 * register spills (measured 15-20 % in the butterflies).
 *
 * Source of the encodings: WebAssembly Core 2.0 (section 5) and the relaxed-SIMD proposal (phase 5).
 */

export type ValueType = 'i32' | 'i64' | 'f64' | 'v128';

/** An expression of a known type: the instructions that leave its value on the stack. */
export interface Value<T extends ValueType = ValueType> {
  readonly type: T;
  readonly code: readonly number[];
}

export type I32 = Value<'i32'>;
export type F64 = Value<'f64'>;
export type V128 = Value<'v128'>;

/** A local variable; reading it is an expression. */
export interface Local<T extends ValueType = ValueType> extends Value<T> {
  readonly index: number;
}

const TYPE_CODES: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };
const EMPTY_BLOCK = 0x40;

/** Unsigned LEB128 of a non-negative integer below 2^32. */
export function unsignedLeb(value: number): number[] {
  const out: number[] = [];
  let rest = value >>> 0;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return out;
}

/** Signed LEB128 of an integer of up to 64 bits. */
export function signedLeb(value: bigint): number[] {
  const out: number[] = [];
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const last = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0);
    out.push(last ? byte : byte | 0x80);
    if (last) return out;
  }
}

const simd = (opcode: number): number[] => [0xfd, ...unsignedLeb(opcode)];

function value<T extends ValueType>(type: T, ...parts: (readonly number[])[]): Value<T> {
  return { type, code: parts.flat() };
}

const unary =
  <A extends ValueType, R extends ValueType>(result: R, opcode: number[]) =>
  (a: Value<A>): Value<R> =>
    value(result, a.code, opcode);

const binary =
  <A extends ValueType, R extends ValueType>(result: R, opcode: number[]) =>
  (a: Value<A>, b: Value<A>): Value<R> =>
    value(result, a.code, b.code, opcode);

function doubleBytes(number: number): number[] {
  return [...new Uint8Array(new Float64Array([number]).buffer)];
}

/** Natural alignment is not promised: addresses are 16-byte aligned by convention, the hint is a hint. */
const memoryArgument = (offset: number): number[] => [3, ...unsignedLeb(offset)];

export const i32 = {
  const: (number: number): I32 => value('i32', [0x41], signedLeb(BigInt(number | 0))),
  add: binary<'i32', 'i32'>('i32', [0x6a]),
  sub: binary<'i32', 'i32'>('i32', [0x6b]),
  mul: binary<'i32', 'i32'>('i32', [0x6c]),
  and: binary<'i32', 'i32'>('i32', [0x71]),
  or: binary<'i32', 'i32'>('i32', [0x72]),
  shl: binary<'i32', 'i32'>('i32', [0x74]),
  shrU: binary<'i32', 'i32'>('i32', [0x76]),
  ltU: binary<'i32', 'i32'>('i32', [0x49]),
  gtU: binary<'i32', 'i32'>('i32', [0x4b]),
  geU: binary<'i32', 'i32'>('i32', [0x4f]),
  eq: binary<'i32', 'i32'>('i32', [0x46]),
  ne: binary<'i32', 'i32'>('i32', [0x47]),
  eqz: unary<'i32', 'i32'>('i32', [0x45]),
  /** The number of zero bits below the lowest one; 32 for zero. */
  ctz: unary<'i32', 'i32'>('i32', [0x68]),
  load: (address: I32, offset = 0): I32 => value('i32', address.code, [0x28, 2, ...unsignedLeb(offset)]),
  load8: (address: I32, offset = 0): I32 => value('i32', address.code, [0x2d, 0, ...unsignedLeb(offset)]),
  /** The integer part of a double that is known to fit; saturates otherwise. */
  fromF64: (a: F64): I32 => value('i32', a.code, [0xfc, 2]),
} as const;

/** An address plus a constant number of bytes. */
export const plus = (address: I32, bytes: number): I32 => (bytes === 0 ? address : i32.add(address, i32.const(bytes)));

export const f64 = {
  const: (number: number): F64 => value('f64', [0x44], doubleBytes(number)),
  add: binary<'f64', 'f64'>('f64', [0xa0]),
  sub: binary<'f64', 'f64'>('f64', [0xa1]),
  mul: binary<'f64', 'f64'>('f64', [0xa2]),
  lt: binary<'f64', 'i32'>('i32', [0x63]),
  load: (address: I32, offset = 0): F64 => value('f64', address.code, [0x2b, ...memoryArgument(offset)]),
  fromI32: (a: I32): F64 => value('f64', a.code, [0xb7]),
} as const;

export const v128 = {
  load: (address: I32, offset = 0): V128 => value('v128', address.code, simd(0x00), memoryArgument(offset)),
  /** One double, in both lanes. */
  loadSplat64: (address: I32, offset = 0): V128 => value('v128', address.code, simd(0x0a), memoryArgument(offset)),
  zero: (): V128 => value('v128', simd(0x0c), new Array<number>(16).fill(0)),
  and: binary<'v128', 'v128'>('v128', simd(0x4e)),
  or: binary<'v128', 'v128'>('v128', simd(0x50)),
  xor: binary<'v128', 'v128'>('v128', simd(0x51)),
  /** Bits of `a` where the mask is one, of `b` where it is zero. */
  bitselect: (a: V128, b: V128, mask: V128): V128 => value('v128', a.code, b.code, mask.code, simd(0x52)),
  /** Lane 0 is lane `first` of a (0, 1) or of b (2, 3); lane 1 likewise by `second`. */
  shuffle64: (a: V128, b: V128, first: 0 | 1 | 2 | 3, second: 0 | 1 | 2 | 3): V128 =>
    value(
      'v128',
      a.code,
      b.code,
      simd(0x0d),
      [first, second].flatMap((lane) => bytesOfLane(lane)),
    ),
} as const;

const bytesOfLane = (lane: number): number[] => Array.from({ length: 8 }, (_, byte) => 8 * lane + byte);

export const i64x2 = {
  add: binary<'v128', 'v128'>('v128', simd(0xce)),
  sub: binary<'v128', 'v128'>('v128', simd(0xd1)),
  shl: (a: V128, bits: number): V128 => value('v128', a.code, i32.const(bits).code, simd(0xcb)),
  shrS: (a: V128, bits: number): V128 => value('v128', a.code, i32.const(bits).code, simd(0xcc)),
  shrU: (a: V128, bits: number): V128 => value('v128', a.code, i32.const(bits).code, simd(0xcd)),
} as const;

export const f64x2 = {
  splat: unary<'f64', 'v128'>('v128', simd(0x14)),
  lane: (a: V128, lane: 0 | 1): F64 => value('f64', a.code, simd(0x21), [lane]),
  abs: unary<'v128', 'v128'>('v128', simd(0xec)),
  neg: unary<'v128', 'v128'>('v128', simd(0xed)),
  nearest: unary<'v128', 'v128'>('v128', simd(0x94)),
  add: binary<'v128', 'v128'>('v128', simd(0xf0)),
  sub: binary<'v128', 'v128'>('v128', simd(0xf1)),
  mul: binary<'v128', 'v128'>('v128', simd(0xf2)),
  div: binary<'v128', 'v128'>('v128', simd(0xf3)),
  /** a < b ? b : a, lane by lane. */
  pmax: binary<'v128', 'v128'>('v128', simd(0xf7)),
  lt: binary<'v128', 'v128'>('v128', simd(0x49)),
  ge: binary<'v128', 'v128'>('v128', simd(0x4c)),
} as const;

/** How multiply-add is done: in one rounding by relaxed SIMD (where the CPU fuses), or as two operations. */
export type Fusion = 'fused' | 'separate';

export interface MultiplyAdd {
  /** a·b + c */
  readonly madd: (a: V128, b: V128, c: V128) => V128;
  /** c − a·b */
  readonly nmadd: (a: V128, b: V128, c: V128) => V128;
}

/**
 * The multiply-add operations of one fusion. 'fused' is `relaxed_madd`, which the standard lets an engine
 * round once or twice: only `capabilities.ts` can say whether this CPU really fuses.
 */
export function multiplyAdd(fusion: Fusion): MultiplyAdd {
  if (fusion === 'separate') {
    return {
      madd: (a, b, c) => f64x2.add(f64x2.mul(a, b), c),
      nmadd: (a, b, c) => f64x2.sub(c, f64x2.mul(a, b)),
    };
  }
  return {
    madd: (a, b, c) => value('v128', a.code, b.code, c.code, simd(0x107)),
    nmadd: (a, b, c) => value('v128', a.code, b.code, c.code, simd(0x108)),
  };
}

/** The body of one function under construction. Parameters come first in the index space, then locals. */
export class FunctionBuilder {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
  private readonly locals: ValueType[] = [];
  private readonly code: number[] = [];

  constructor(name: string, parameters: readonly ValueType[] = [], result?: ValueType) {
    this.name = name;
    this.parameters = parameters;
    this.result = result;
  }

  parameter<T extends ValueType>(index: number, type: T): Local<T> {
    if (this.parameters[index] !== type) {
      throw new TypeError(`${this.name}: parameter ${index} is ${this.parameters[index]}, not ${type}`);
    }
    return { type, index, code: [0x20, ...unsignedLeb(index)] };
  }

  /** A new local, holding `initial` from here on, or zero. */
  local<T extends ValueType>(type: T, initial?: Value<T>): Local<T> {
    const index = this.parameters.length + this.locals.push(type) - 1;
    const local: Local<T> = { type, index, code: [0x20, ...unsignedLeb(index)] };
    if (initial !== undefined) this.set(local, initial);
    return local;
  }

  /** Evaluates now, and names the result: the usual way to fix the order of operations. */
  let<T extends ValueType>(expression: Value<T>): Local<T> {
    return this.local(expression.type, expression);
  }

  set<T extends ValueType>(local: Local<T>, expression: Value<T>): void {
    this.push(expression.code, [0x21], unsignedLeb(local.index));
  }

  storeV128(address: I32, offset: number, what: V128): void {
    this.push(address.code, what.code, simd(0x0b), memoryArgument(offset));
  }

  storeI32(address: I32, offset: number, what: I32): void {
    this.push(address.code, what.code, [0x36, 2], unsignedLeb(offset));
  }

  storeI32Byte(address: I32, offset: number, what: I32): void {
    this.push(address.code, what.code, [0x3a, 0], unsignedLeb(offset));
  }

  storeF64(address: I32, offset: number, what: F64): void {
    this.push(address.code, what.code, [0x39], memoryArgument(offset));
  }

  copyMemory(to: I32, from: I32, bytes: I32): void {
    this.push(to.code, from.code, bytes.code, [0xfc, 10, 0, 0]);
  }

  /** Runs the body, then again while the condition holds: for loops that run at least once. */
  doWhile(body: () => void, condition: () => I32): void {
    this.push([0x03, EMPTY_BLOCK]);
    body();
    this.push(condition().code, [0x0d, 0], [0x0b]);
  }

  if(condition: I32, then: () => void, otherwise?: () => void): void {
    this.push(condition.code, [0x04, EMPTY_BLOCK]);
    then();
    if (otherwise !== undefined) {
      this.push([0x05]);
      otherwise();
    }
    this.push([0x0b]);
  }

  while(condition: () => I32, body: () => void): void {
    this.if(condition(), () => this.doWhile(body, condition));
  }

  /** Calls a function without a result, by its place in the module (see `ModuleBuilder.define`). */
  call(callee: FunctionReference, ...callArguments: Value[]): void {
    this.push(...callArguments.map((argument) => argument.code), [0x10], unsignedLeb(callee.index));
  }

  /** The value that the function leaves: the last statement of a function with a result. */
  yields(expression: Value): void {
    this.push(expression.code);
  }

  /** The function as it stands in the code section. */
  encode(): number[] {
    const declarations: number[] = [];
    let runs = 0;
    for (let i = 0; i < this.locals.length; ) {
      let j = i;
      while (j < this.locals.length && this.locals[j] === this.locals[i]) j++;
      declarations.push(...unsignedLeb(j - i), TYPE_CODES[this.locals[i] as ValueType]);
      runs++;
      i = j;
    }
    const head = [...unsignedLeb(runs), ...declarations];
    const size = unsignedLeb(head.length + this.code.length + 1);
    const out = [...size, ...head];
    for (const byte of this.code) out.push(byte);
    out.push(0x0b);
    return out;
  }

  private push(...parts: (readonly number[])[]): void {
    for (const part of parts) for (const byte of part) this.code.push(byte);
  }
}

/** A function's place in its module. */
export interface FunctionReference {
  readonly index: number;
}

const PAGE_BYTES = 65536;

/** Collects functions and writes a module that exports all of them and its memory as `memory`. */
export class ModuleBuilder {
  private readonly functions: FunctionBuilder[] = [];

  /** Adds a function; its reference can be called from functions defined later, and from itself. */
  define(builder: FunctionBuilder): FunctionReference {
    return { index: this.functions.push(builder) - 1 };
  }

  /** The reference that the next `define` will give: for recursion. */
  next(): FunctionReference {
    return { index: this.functions.length };
  }

  encode(memoryBytes: number): Uint8Array<ArrayBuffer> {
    const out: number[] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = (id: number, content: number[]): void => {
      out.push(id, ...unsignedLeb(content.length));
      for (const byte of content) out.push(byte);
    };
    const text = (name: string): number[] => [...unsignedLeb(name.length), ...new TextEncoder().encode(name)];
    const count = unsignedLeb(this.functions.length);
    section(1, [
      ...count,
      ...this.functions.flatMap((f) => [
        0x60,
        ...unsignedLeb(f.parameters.length),
        ...f.parameters.map((type) => TYPE_CODES[type]),
        ...(f.result === undefined ? [0] : [1, TYPE_CODES[f.result]]),
      ]),
    ]);
    section(3, [...count, ...this.functions.flatMap((_, index) => unsignedLeb(index))]);
    section(5, [1, 0, ...unsignedLeb(Math.ceil(memoryBytes / PAGE_BYTES))]);
    section(7, [
      ...unsignedLeb(this.functions.length + 1),
      ...text('memory'),
      2,
      0,
      ...this.functions.flatMap((f, index) => [...text(f.name), 0, ...unsignedLeb(index)]),
    ]);
    const code: number[] = [...count];
    for (const f of this.functions) for (const byte of f.encode()) code.push(byte);
    section(10, code);
    return Uint8Array.from(out);
  }
}
