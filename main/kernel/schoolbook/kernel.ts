/**
 * The schoolbook kernel: products in quadratic time on fused multiply-adds, two moduli in the two lanes of every
 * vector. The fastest kernel up to about 740 digits; above, the FFT kernel is. It is wrong on a CPU that does not
 * really fuse: ask `capabilities.ts` first.
 *
 * The code is made for one number of limbs and compiled when a modulus of that size comes; a search stays at one
 * size, so few modules are kept. docs/schoolbook-kernel.md has the method and its bounds.
 */

import { bitLength, type Kernel, KernelRefusal, requireModuli } from '../field.ts';
import { mergesVectors } from '../wasm/wide.ts';
import { answersRight } from './known-answer.ts';
import { limbsFor, mostBits, SchoolbookField } from './lane-field.ts';
import { loadModule, type SchoolbookModule } from './module.ts';

const MINIMUM_BITS = 2;
/**
 * 10,438 digits, 680 limbs: the most that a column is proven to hold (docs/schoolbook-kernel.md). The FFT kernel is ten
 * times as fast by then; this one is the second implementation that checks its finds, five times as fast as BigInt.
 */
const MAXIMUM_BITS = mostBits(680);

const KEPT_MODULES = 8;

/** From so many limbs on, 290 digits, pairs of columns are worth it, where the engine merges them: docs/fft-kernel.md has why not below. */
const WIDE_FROM_LIMBS = 20;

/**
 * A module that answers right: by pairs of columns if wanted, else as it is; the engine may merge vectors in that one, too.
 * @throws KernelRefusal when neither does
 */
function trustedModule(limbs: number, wide: boolean): SchoolbookModule {
  const module = loadModule(limbs, wide);
  if (answersRight(module)) return module;
  if (wide) return trustedModule(limbs, false);
  throw new KernelRefusal(`the schoolbook kernel answers wrong for ${limbs} limbs on this computer`);
}

/** @param options.wide by pairs of columns, for comparisons; by default where it is faster */
export function schoolbookKernel(options: { readonly wide?: boolean } = {}): Kernel {
  /** By number of limbs, the one used last at the end. */
  const modules = new Map<number, SchoolbookModule>();
  /** Numbers of limbs that it answered wrong for: it is not asked again. */
  const refused = new Set<number>();
  let current: SchoolbookField | undefined;

  const made = (limbs: number): SchoolbookModule => {
    if (refused.has(limbs)) throw new KernelRefusal(`the schoolbook kernel answers wrong for ${limbs} limbs`);
    try {
      return trustedModule(limbs, options.wide ?? (mergesVectors() && limbs >= WIDE_FROM_LIMBS));
    } catch (refusal) {
      if (refusal instanceof KernelRefusal) refused.add(limbs);
      throw refusal;
    }
  };

  const moduleFor = (limbs: number): SchoolbookModule => {
    const module = modules.get(limbs) ?? made(limbs);
    modules.delete(limbs);
    modules.set(limbs, module);
    if (modules.size > KEPT_MODULES) modules.delete(modules.keys().next().value as number);
    return module;
  };

  return {
    name: 'schoolbook',
    minimumBits: MINIMUM_BITS,
    maximumBits: MAXIMUM_BITS,
    spareBits: (bits) => mostBits(limbsFor(bits)) - bits,
    open(moduli, registers) {
      requireModuli(moduli);
      const bits = Math.max(bitLength(moduli[0]), bitLength(moduli[1]));
      if (bits > MAXIMUM_BITS) throw new KernelRefusal(`expected at most ${MAXIMUM_BITS} bits, got ${bits}`);
      const module = moduleFor(limbsFor(bits));
      // The rounds of a number come one after the other: what is made of the moduli is there.
      const isPrepared = current?.isOf(module, moduli) ?? false;
      current?.close();
      current = undefined;
      current = new SchoolbookField(module, moduli, registers, isPrepared);
      return current;
    },
  };
}
