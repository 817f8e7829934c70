/** Flips of single bits where a kernel really keeps its numbers, tables and moduli: the memory of its instance. */

import type { CheckedPower } from '../../main/kernel/checked-power.ts';

interface Inside {
  readonly field: {
    readonly kernel: string;
    readonly engine?: { readonly wasm: { readonly memory: WebAssembly.Memory } };
    readonly module?: { readonly memory: WebAssembly.Memory };
    readonly values?: [bigint, bigint][];
  };
}

/** Flips a bit of the memory in which a power is being computed. @param where 0 to below 1: which bit of all */
export function flipBit(power: CheckedPower, where: number): void {
  const { field } = power as unknown as Inside;
  const memory = field.engine?.wasm.memory ?? field.module?.memory;
  if (memory !== undefined) {
    const bytes = new Uint8Array(memory.buffer);
    // Most of a memory is reserve, and zero.
    const used = Array.from(bytes.keys()).filter((at) => bytes[at] !== 0);
    const bit = Math.floor(where * 8 * used.length);
    const at = used[bit >> 3] as number;
    bytes[at] = (bytes[at] as number) ^ (1 << (bit & 7));
    return;
  }
  if (field.values === undefined) throw new Error(`the ${field.kernel} kernel keeps its numbers somewhere else`);
  const register = field.values[0] as [bigint, bigint];
  register[0] ^= 1n << BigInt(Math.floor(where * register[0].toString(2).length));
}
