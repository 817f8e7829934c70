/**
 * How often a WebAssembly function executes each kind of vector operation: the module is decoded and gone through step by
 * step, with integers for the control and nothing for the vectors, whose values decide nothing in the kernels. Encodings: WebAssembly
 * Core 2.0, section 5.4, and relaxed SIMD.
 */

export const KINDS = ['multiply-add', 'add or multiply', 'other', 'load', 'store'] as const;
/** `other`: shuffles, comparisons, largest values, bits and integers. */
export type Kind = (typeof KINDS)[number];
export type Counts = Record<Kind, number>;

interface Instruction {
  readonly code: number;
  /** Its immediate: an index, a constant, an offset, a label's depth. */
  readonly value: number;
  /** Of a block: where it ends; of an `if`: where its `else` is, or its end. */
  end: number;
  otherwise: number;
}

interface Body {
  readonly parameters: number;
  readonly locals: number;
  readonly results: number;
  readonly code: readonly Instruction[];
}

interface Decoded {
  readonly bodies: readonly Body[];
  readonly exported: ReadonlyMap<string, number>;
}

/** Prefixed codes are their prefix and number: 0xfd00 and up are vectors. */
const VECTOR = 0xfd_000;
const NUMERIC = 0xfc_000;

class Reader {
  private readonly bytes: Uint8Array;
  at: number;
  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  get byte(): number {
    return this.bytes[this.at++] as number;
  }
  get unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }
  get signed(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(Number(shift) + 7, value));
    }
  }
  get text(): string {
    const length = this.unsigned;
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

function decode(bytes: Uint8Array): Decoded {
  const types: { parameters: number; results: number }[] = [];
  const functions: number[] = [];
  const exported = new Map<string, number>();
  const bodies: Body[] = [];
  for (const r = new Reader(bytes, 8); r.at < bytes.length; ) {
    const id = r.byte;
    const end = r.unsigned + r.at;
    const each = (work: () => void): void => {
      for (let left = r.unsigned; left > 0; left--) work();
    };
    if (id === 1) {
      each(() => {
        r.at++;
        const parameters = r.unsigned;
        r.at += parameters;
        const results = r.unsigned;
        r.at += results;
        types.push({ parameters, results });
      });
    } else if (id === 3) each(() => void functions.push(r.unsigned));
    else if (id === 7) {
      each(() => {
        const name = r.text;
        const kind = r.byte;
        const index = r.unsigned;
        if (kind === 0) exported.set(name, index);
      });
    } else if (id === 10) {
      each(() => {
        const size = r.unsigned;
        const last = r.at + size;
        let locals = 0;
        each(() => {
          locals += r.unsigned;
          r.at++;
        });
        const type = types[functions[bodies.length] as number] as (typeof types)[number];
        bodies.push({ ...type, locals, code: instructions(r, last) });
      });
    } else if (id === 2) throw new Error('a module with imports');
    r.at = end;
  }
  return { bodies, exported };
}

function instructions(r: Reader, last: number): Instruction[] {
  const code: Instruction[] = [];
  const open: Instruction[] = [];
  while (r.at < last) {
    const first = r.byte;
    const full = first === 0xfd ? VECTOR + r.unsigned : first === 0xfc ? NUMERIC + r.unsigned : first;
    const own: Instruction = { code: full, value: immediate(full, r), end: -1, otherwise: -1 };
    if (full >= 0x02 && full <= 0x04) open.push(own);
    else if (full === 0x05) (open.at(-1) as Instruction).otherwise = code.length;
    else if (full === 0x0b) {
      const block = open.pop();
      if (block !== undefined) block.end = code.length;
    }
    code.push(own);
  }
  return code;
}

function immediate(code: number, r: Reader): number {
  if (code >= 0x02 && code <= 0x04) return r.byte;
  if (code === 0x0c || code === 0x0d || code === 0x10 || (code >= 0x20 && code <= 0x24)) return r.unsigned;
  if ((code >= 0x28 && code <= 0x3e) || (code >= VECTOR && code <= VECTOR + 0x0b)) {
    r.at++;
    return r.unsigned;
  }
  if (code === VECTOR + 0x5c || code === VECTOR + 0x5d) {
    r.at++;
    return r.unsigned;
  }
  if (code === 0x41 || code === 0x42) return r.signed;
  if (code === 0x43) r.at += 4;
  if (code === 0x44) r.at += 8;
  if (code === VECTOR + 0x0c || code === VECTOR + 0x0d) r.at += 16;
  if (code >= VECTOR + 0x15 && code <= VECTOR + 0x22) r.at++;
  if (code === NUMERIC + 10) r.at += 2;
  if (code === NUMERIC + 11) r.at++;
  return 0;
}

const between = (code: number, first: number, last: number): boolean => code >= VECTOR + first && code <= VECTOR + last;

/** What a vector operation takes off the stack, whether it leaves something, and its kind; null where it is none. */
function vectorOperation(code: number): { takes: number; leaves: 0 | 1; kind: Kind | null } {
  const at = code - VECTOR;
  if (between(code, 0x00, 0x0a) || at === 0x5c || at === 0x5d) return { takes: 1, leaves: 1, kind: 'load' };
  if (at === 0x0b) return { takes: 2, leaves: 0, kind: 'store' };
  // A constant is in a register or comes with the operation.
  if (at === 0x0c) return { takes: 0, leaves: 1, kind: null };
  if (between(code, 0x0f, 0x14)) return { takes: 1, leaves: 1, kind: 'other' };
  if (at === 0x1d || at === 0x21) return { takes: 1, leaves: 1, kind: null };
  if (between(code, 0x105, 0x108)) return { takes: 3, leaves: 1, kind: 'multiply-add' };
  if (between(code, 0xf0, 0xf3)) return { takes: 2, leaves: 1, kind: 'add or multiply' };
  if (at === 0x52) return { takes: 3, leaves: 1, kind: 'other' };
  const one = [0x4d, 0x53, 0x94, 0xc0, 0xc1, 0xc3, 0xec, 0xed, 0xef];
  if (one.includes(at)) return { takes: 1, leaves: 1, kind: 'other' };
  const two =
    at === 0x0d ||
    at === 0x0e ||
    at === 0x1e ||
    at === 0x22 ||
    between(code, 0x23, 0x51) ||
    between(code, 0xcb, 0xdb) ||
    between(code, 0xf4, 0xf7);
  if (two) return { takes: 2, leaves: 1, kind: 'other' };
  throw new Error(`an unknown vector operation, 0x${at.toString(16)}`);
}

/** Integer operations of two operands that the control of a kernel may rest on; others leave 0. */
const BINARY: Readonly<Record<number, (a: number, b: number) => number>> = {
  70: (a, b) => Number(a === b),
  71: (a, b) => Number(a !== b),
  72: (a, b) => Number(a < b),
  73: (a, b) => Number(a >>> 0 < b >>> 0),
  74: (a, b) => Number(a > b),
  75: (a, b) => Number(a >>> 0 > b >>> 0),
  76: (a, b) => Number(a <= b),
  77: (a, b) => Number(a >>> 0 <= b >>> 0),
  78: (a, b) => Number(a >= b),
  79: (a, b) => Number(a >>> 0 >= b >>> 0),
  106: (a, b) => (a + b) | 0,
  107: (a, b) => (a - b) | 0,
  108: Math.imul,
  113: (a, b) => a & b,
  114: (a, b) => a | b,
  115: (a, b) => a ^ b,
  116: (a, b) => a << b,
  117: (a, b) => a >> b,
  118: (a, b) => (a >>> b) | 0,
};

/** A function of a module, gone through once. */
export class Walk {
  readonly counts: Counts = { 'multiply-add': 0, 'add or multiply': 0, other: 0, load: 0, store: 0 };
  private readonly decoded: Decoded;
  private readonly memory: DataView;

  /** @param memory as it is when the function is called; it is changed by 32-bit stores */
  constructor(module: Uint8Array, memory: ArrayBuffer) {
    this.decoded = decode(module);
    this.memory = new DataView(memory);
  }

  call(name: string, ...parameters: readonly number[]): void {
    const index = this.decoded.exported.get(name);
    if (index === undefined) throw new Error(`the module has no function ${name}`);
    this.run(index, parameters);
  }

  private run(index: number, parameters: readonly number[]): number[] {
    const { locals, code } = this.decoded.bodies[index] as Body;
    const values = [...parameters, ...new Array<number>(locals).fill(0)];
    const stack: number[] = [];
    const blocks: { readonly instruction: Instruction; readonly at: number }[] = [];
    const pop = (): number => stack.pop() as number;
    for (let at = 0; at < code.length; at++) {
      const own = code[at] as Instruction;
      const { code: op, value } = own;
      const branch = (depth: number): void => {
        const target = blocks[blocks.length - 1 - depth];
        if (target === undefined) {
          at = code.length;
          return;
        }
        const loops = target.instruction.code === 0x03;
        blocks.length -= loops ? depth : depth + 1;
        at = loops ? target.at : target.instruction.end;
      };
      if (op >= VECTOR) {
        const { takes, leaves, kind } = vectorOperation(op);
        stack.length -= takes;
        if (leaves === 1) stack.push(0);
        if (kind !== null) this.counts[kind]++;
      } else if (op === 0x20) stack.push(values[value] as number);
      else if (op === 0x21) values[value] = pop();
      else if (op === 0x22) values[value] = stack.at(-1) as number;
      else if (op === 0x41 || op === 0x42 || op === 0x43 || op === 0x44) stack.push(value);
      else if (op === 0x02 || op === 0x03) blocks.push({ instruction: own, at });
      else if (op === 0x04) {
        const holds = pop() !== 0;
        if (holds || own.otherwise >= 0) blocks.push({ instruction: own, at });
        if (!holds) at = own.otherwise >= 0 ? own.otherwise : own.end;
      } else if (op === 0x05) {
        at = (blocks.pop() as (typeof blocks)[number]).instruction.end;
      } else if (op === 0x0b) blocks.pop();
      else if (op === 0x0c) branch(value);
      else if (op === 0x0d) {
        if (pop() !== 0) branch(value);
      } else if (op === 0x0f) return stack;
      else if (op === 0x10) {
        const callee = this.decoded.bodies[value] as Body;
        const arguments_ = stack.splice(stack.length - callee.parameters);
        stack.push(...this.run(value, arguments_).slice(-callee.results || Number.POSITIVE_INFINITY));
      } else this.plain(op, value, stack);
    }
    return stack;
  }

  private plain(op: number, offset: number, stack: number[]): void {
    const pop = (): number => stack.pop() as number;
    const binary = BINARY[op];
    if (binary !== undefined) {
      const b = pop();
      stack.push(binary(pop(), b));
    } else if (op === 0x28) stack.push(this.memory.getInt32((pop() >>> 0) + offset, true));
    else if (op === 0x2d) stack.push(this.memory.getUint8((pop() >>> 0) + offset));
    else if (op === 0x29 || op === 0x2b) {
      pop();
      stack.push(0);
    } else if (op === 0x36) {
      const what = pop();
      this.memory.setInt32((pop() >>> 0) + offset, what, true);
    } else if (op >= 0x37 && op <= 0x3e) stack.length -= 2;
    else if (op === 0x45) stack.push(Number(pop() === 0));
    else if (op === 0x68) {
      const a = pop();
      stack.push(a === 0 ? 32 : 31 - Math.clz32(a & -a));
    } else if (op === 0x1a) pop();
    else if (op === 0x1b) {
      const condition = pop();
      const b = pop();
      if (condition === 0) stack[stack.length - 1] = b;
    } else if (op === NUMERIC + 10 || op === NUMERIC + 11) stack.length -= 3;
    else if (op === NUMERIC + 2) {
      pop();
      stack.push(0);
    } else if ((op >= 0x61 && op <= 0x66) || (op >= 0xa0 && op <= 0xa6) || (op >= 0x7c && op <= 0x8a)) {
      stack.length -= 2;
      stack.push(0);
    } else if ((op >= 0x99 && op <= 0x9f) || (op >= 0xa7 && op <= 0xbf)) {
      pop();
      stack.push(0);
    } else throw new Error(`an unknown operation, 0x${op.toString(16)}`);
  }
}
