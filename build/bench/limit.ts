/**
 * Against the limit of the CPU: vector operations a cycle in a kernel's chain of squarings, beside what this CPU retires when
 * nothing else is in the way. The operations are counted by going through the module (operations.ts); cycles are the time by the
 * clock, and that is known from a chain of integer products, each of which waits three cycles for the one before (Intel since
 * 2011, AMD since Zen), because a virtual machine has no counters to ask.
 */

import {
  FunctionBuilder,
  f64x2,
  i32,
  ModuleBuilder,
  multiplyAdd,
  type V128,
  v128,
} from '../../main/kernel/wasm/emit.ts';
import { compileModule, mergesVectors } from '../../main/kernel/wasm/wide.ts';
import { Kernels } from '../../main/search/kernel-names.ts';
import { type Counts, KINDS, Walk } from './operations.ts';

const SIZES = [300, 1000, 5000, 25_000, 100_000] as const;
const REPEATS = 15;
const REPEAT_SECONDS = 0.08;
const WARM_SECONDS = 0.6;
/** Squarings that are gone through, and a quarter of what comes once a call with each. */
const WALKED = 4;
const PRODUCT_LATENCY = 3;
/** Independent chains: latency times operations a cycle at least, and no more than there are registers. */
const CHAINS = 12;

export interface Limit {
  readonly digits: number;
  readonly kernel: string;
  /** Of one squaring of a pair. */
  readonly counts: Counts;
  /** Cycles of one squaring of a pair. */
  readonly cycles: number;
}

/** Vector operations of 128 bits a cycle, at most. */
export interface Peaks {
  /** Alone. */
  readonly multiplyAdds: number;
  readonly sums: number;
  /** One multiply-add to two sums, about as in a butterfly. */
  readonly together: number;
  /** Of the same with an operand from memory in each. */
  readonly loads: number;
  readonly stores: number;
}

/** The least cycles for these operations, and what takes them. */
export function boundOf(counts: Counts, peaks: Peaks): { readonly cycles: number; readonly by: string } {
  const [products, sums] = [counts['multiply-add'], counts['add or multiply']];
  const bounds = [
    { by: 'multiply-adds', cycles: products / peaks.multiplyAdds },
    { by: 'sums', cycles: sums / peaks.sums },
    { by: 'arithmetic', cycles: (products + sums + counts.other) / peaks.together },
    { by: 'loads', cycles: counts.load / peaks.loads },
    { by: 'stores', cycles: counts.store / peaks.stores },
  ];
  return bounds.reduce((most, one) => (one.cycles > most.cycles ? one : most));
}

export interface Limits {
  readonly gigahertz: number;
  /** Wide: where the engine merges pairs into operations of 256 bits (main/kernel/wasm/wide.ts), each counted as two. */
  readonly peaks: { readonly narrow: Peaks; readonly wide: Peaks | null };
  readonly rows: readonly Limit[];
}

const seconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Seconds of one call, the least of many. */
function least(work: () => void): number {
  for (const since = seconds(); seconds() - since < WARM_SECONDS; ) work();
  let calls = 1;
  const many = (): number => {
    const before = seconds();
    for (let k = 0; k < calls; k++) work();
    return seconds() - before;
  };
  while (many() < REPEAT_SECONDS) calls *= 2;
  return Math.min(...Array.from({ length: REPEATS }, many)) / calls;
}

export function measureLimits(tell: (what: string) => void): Limits {
  tell('the clock');
  const perSecond = clock();
  const cyclesOf = (time: number): number => time * perSecond;
  tell('the most this CPU does');
  // The narrow ones first: once merging is asked for, it is for the whole process.
  const narrow = peaksOf(cyclesOf, false);
  const wide = mergesVectors() ? peaksOf(cyclesOf, true) : null;
  const rows = SIZES.map((digits) => {
    tell(`${digits} digits`);
    return limitOf(digits, cyclesOf);
  });
  return { gigahertz: perSecond / 1e9, peaks: { narrow, wide }, rows };
}

/** Cycles a second, by a chain of products: x = x·x, again and again. */
function clock(): number {
  const steps = 64;
  const rounds = 20_000;
  const { call } = loop(rounds, false, (f) => {
    const x = f.local('i32', i32.const(3));
    return () => {
      for (let k = 0; k < steps; k++) f.set(x, i32.mul(x, x));
      f.storeI32(i32.const(0), 0, x);
    };
  });
  return (rounds * steps * PRODUCT_LATENCY) / least(call);
}

/** What becomes of a chain's value, given a constant or what is in memory for it, in the chain of this number. */
type Step = (x: V128, c: V128, chain: number) => V128;

function peaksOf(cyclesOf: (time: number) => number, wide: boolean): Peaks {
  const { madd } = multiplyAdd('fused');
  const mixed: Step = (x, c, chain) => ((wide ? chain >> 1 : chain) % 3 === 0 ? madd(x, c, c) : f64x2.add(x, c));
  const most = (step: Step, from: Operand): number => peak(cyclesOf, step, from, wide);
  return {
    multiplyAdds: most((x, c) => madd(x, c, c), 'register'),
    sums: most((x, c) => f64x2.add(x, c), 'register'),
    together: most(mixed, 'register'),
    loads: most(mixed, 'memory'),
    stores: most((x) => x, 'stored'),
  };
}

type Operand = 'register' | 'memory' | 'stored';
/** Where the chains' results go, and far enough from it what they load. */
const RESULTS = 4096;

/**
 * Operations a cycle of chains that do not wait for each other. What can be merged is what goes to neighbours in memory, so
 * narrow chains end 32 bytes from each other, and wide ones in pairs, the second first, as the engine wants it.
 */
function peak(cyclesOf: (time: number) => number, step: Step, operand: Operand, wide: boolean): number {
  const times = 16;
  const rounds = 5000;
  const chains = wide ? 2 * CHAINS : CHAINS;
  const stride = wide ? 16 : 32;
  const order = Array.from({ length: chains }, (_, k) => (wide ? k ^ 1 : k));
  const { call } = loop(rounds, wide, (f) => {
    const constants = [0, 1].map((k) => f.local('v128', v128.load(i32.const(16 * k))));
    const xs = order.map((_, k) => f.local('v128', v128.load(i32.const(16 * (k & 1)))));
    const store = (): void => {
      for (const k of order) f.storeV128(i32.const(RESULTS + stride * k), 0, xs[k] as V128);
    };
    return () => {
      for (let k = 0; k < times; k++) {
        if (operand === 'stored') store();
        else {
          for (const [chain, x] of xs.entries()) {
            const c = operand === 'memory' ? v128.load(i32.const(16 * chain)) : (constants[chain & 1] as V128);
            f.set(x, step(x, c, chain));
          }
        }
      }
      store();
    };
  });
  return (rounds * (operand === 'stored' ? times + 1 : times) * chains) / cyclesOf(least(call));
}

function loop(rounds: number, wide: boolean, prepare: (f: FunctionBuilder) => () => void): { call: () => void } {
  const f = new FunctionBuilder('loop');
  const body = prepare(f);
  const left = f.local('i32', i32.const(rounds));
  f.doWhile(
    () => {
      body();
      f.set(left, i32.sub(left, i32.const(1)));
    },
    () => left,
  );
  const builder = new ModuleBuilder();
  builder.define(f);
  const module = compileModule(builder.encode(65_536), wide);
  const { loop: call } = new WebAssembly.Instance(module).exports as unknown as { loop: () => void };
  return { call };
}

interface Recorded {
  readonly bytes: Uint8Array;
  readonly memory: ArrayBuffer;
  readonly name: string;
  readonly parameters: readonly number[];
}

/** One squaring of a pair: what it does, and how long it takes. */
function limitOf(digits: number, cyclesOf: (time: number) => number): Limit {
  const n = 10n ** BigInt(digits - 1) + 289n;
  const recording = record();
  const kernels = new Kernels();
  const field = kernels.open([n, n + 4n], 1);
  field.write(0, [3n, 5n]);
  const some = (count: number): void => field.squareChain(0, new Uint8Array(count), 0, count);
  some(WALKED);
  const called = recording.last();
  recording.stop();
  const walk = new Walk(called.bytes, called.memory);
  walk.call(called.name, ...called.parameters);
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, walk.counts[kind] / WALKED])) as Counts;
  const count = Math.max(1, Math.round(200_000 / digits));
  return { digits, kernel: field.kernel, counts, cycles: cyclesOf(least(() => some(count))) / count };
}

/** The kernels' function that squares again and again. */
const CHAIN = /chain/i;

/** Notes the bytes of every module that is made, and the last chain of squarings that an instance was asked for, with its memory. */
function record(): { last: () => Recorded; stop: () => void } {
  const { Module, Instance } = WebAssembly;
  const bytesOf = new WeakMap<WebAssembly.Module, Uint8Array>();
  let last: Recorded | undefined;
  let recording = true;
  class RecordedModule extends Module {
    constructor(bytes: Uint8Array<ArrayBuffer>) {
      super(bytes);
      bytesOf.set(this, bytes);
    }
  }
  class RecordedInstance {
    readonly exports: Record<string, unknown>;

    constructor(module: WebAssembly.Module) {
      const { exports } = new Instance(module);
      const memory = exports['memory'] as WebAssembly.Memory | undefined;
      const noting =
        (name: string, call: (...parameters: number[]) => unknown) =>
        (...parameters: number[]): unknown => {
          if (recording && memory !== undefined && CHAIN.test(name)) {
            last = { bytes: bytesOf.get(module) as Uint8Array, memory: memory.buffer.slice(0), name, parameters };
          }
          return call(...parameters);
        };
      const noted = ([name, value]: [string, unknown]) => [
        name,
        typeof value === 'function' ? noting(name, value as (...parameters: number[]) => unknown) : value,
      ];
      this.exports = Object.fromEntries(Object.entries(exports).map(noted));
    }
  }
  Object.assign(WebAssembly, { Module: RecordedModule, Instance: RecordedInstance });
  return {
    last() {
      if (last === undefined) throw new Error('no chain of squarings was computed');
      return last;
    },
    stop() {
      recording = false;
      Object.assign(WebAssembly, { Module, Instance });
    },
  };
}
