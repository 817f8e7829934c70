/**
 * Which kernel serves a size on this CPU, and why; and the kernels themselves, made once and kept.
 *
 * The schoolbook kernel wins for smaller numbers, the FFT kernel for larger ones; where they cross is measured on each
 * computer (crossovers.ts). The schoolbook kernel is only right where multiply-add really is fused; the FFT kernel is
 * right without, a fifth slower. Where there is no SIMD at all BigInt serves.
 */

import { bigintKernel } from './bigint.ts';
import { type Capabilities, detectCapabilities } from './capabilities.ts';
import { type Crossovers, servedBetween, USUAL_CROSSOVERS } from './crossovers.ts';
import { fftKernel } from './fft/kernel.ts';
import { bitLength, type Kernel, type KernelName, KernelRefusal, type LaneField, type Lanes } from './field.ts';
import { schoolbookKernel } from './schoolbook/kernel.ts';
import { type Steps, toTheEnd } from './steps.ts';

/** Below this the FFT kernel is slower than BigInt, even where there is no other fast kernel. */
const FFT_WITHOUT_FMA_FROM_BITS = 400;
/** Below this, 170 digits, a test of one number is cheaper in BigInt than in the FFT kernel: there is less to make ready. */
const BIGINT_CHECKS_BELOW_BITS = 565;

export interface KernelChoice {
  readonly kernel: KernelName;
  /** A sentence. */
  readonly why: string;
}

/**
 * The kernel for moduli of a size on a CPU with these capabilities.
 * @param measured where the two fast kernels cross on this computer; by default where they usually do
 */
export function pickKernel(bits: number, can: Capabilities, measured?: Crossovers): KernelChoice {
  if (!can.simd) return { kernel: 'bigint', why: 'this engine has no vector arithmetic' };
  if (!can.fusedMultiplyAdd) {
    return bits < FFT_WITHOUT_FMA_FROM_BITS
      ? { kernel: 'bigint', why: 'this CPU does not fuse multiply-add, and the size is below the FFT kernel' }
      : { kernel: 'fft', why: 'this CPU does not fuse multiply-add: transforms with separate operations' };
  }
  const { kernel, from, to } = servedBetween(bits, measured ?? USUAL_CROSSOVERS);
  const sizes =
    from === 0
      ? `below ${to} bits`
      : to === Number.POSITIVE_INFINITY
        ? `from ${from} bits`
        : `from ${from} to ${to - 1} bits`;
  return { kernel, why: `fastest ${sizes}${measured === undefined ? '' : ', as measured on this computer'}` };
}

/**
 * The kernels of one thread. A field is valid until the next one is opened on the same kernel.
 */
export class Kernels {
  readonly capabilities: Capabilities;
  private readonly made = new Map<KernelName, Kernel>();
  private readonly wanted: KernelName | undefined;
  private readonly measured: Crossovers | undefined;

  /**
   * @param options.wanted always this kernel, for comparisons; sizes that it refuses are refused.
   * @param options.measured where the two fast kernels cross on this computer, if that was measured
   */
  constructor(
    options: {
      capabilities?: Capabilities | undefined;
      wanted?: KernelName | undefined;
      measured?: Crossovers | undefined;
    } = {},
  ) {
    this.capabilities = options.capabilities ?? detectCapabilities();
    this.wanted = options.wanted;
    this.measured = options.measured;
  }

  /** What serves this size here. */
  choose(bits: number): KernelChoice {
    if (this.wanted !== undefined) return { kernel: this.wanted, why: 'asked for' };
    return pickKernel(bits, this.capabilities, this.measured);
  }

  /** The kernel that serves this modulus: that of its size, unless it refuses. Ends the field open on it. */
  serving(modulus: bigint): KernelName {
    return this.open([modulus, modulus], 1).kernel;
  }

  /**
   * Another implementation for this modulus: a kernel that serves it and is none of these, or undefined when there is
   * none. Ends the field open on that kernel.
   */
  servingOther(modulus: bigint, not: readonly KernelName[]): KernelName | undefined {
    const small = bitLength(modulus) < BIGINT_CHECKS_BELOW_BITS;
    const order = small ? (['schoolbook', 'bigint', 'fft'] as const) : this.sound;
    const others = order.filter((name) => this.isSound(name) && !not.includes(name));
    const opened = this.openFirst(others, [modulus, modulus], 1);
    return opened instanceof KernelRefusal ? undefined : opened.kernel;
  }

  /** @throws KernelRefusal for a kernel that would be wrong on this CPU */
  get(name: KernelName): Kernel {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const kernel = this.make(name);
    this.made.set(name, kernel);
    return kernel;
  }

  /**
   * Opens a field for these moduli on the kernel that serves their size, or on the named one. Moduli that a
   * kernel refuses (they share a factor with its R, say) are served by the next one, unless one was asked for.
   * @throws KernelRefusal
   */
  open(moduli: Lanes<bigint>, registers: number, named?: KernelName): LaneField {
    const bits = Math.max(bitLength(moduli[0]), bitLength(moduli[1]));
    const only = named ?? this.wanted;
    if (only !== undefined) return this.get(only).open(moduli, registers);
    const first = this.choose(bits).kernel;
    const opened = this.openFirst([first, ...this.sound.filter((name) => name !== first)], moduli, registers);
    if (opened instanceof KernelRefusal) throw opened;
    return opened;
  }

  /**
   * How much longer a modulus of this size could be on the kernel that serves it, or on the named one.
   * @returns `spare` bits at no cost, `most` bits at any
   */
  roomAbove(bits: number, named?: KernelName): { readonly spare: number; readonly most: number } {
    const kernel = this.get(named ?? this.choose(bits).kernel);
    const most = Math.max(0, kernel.maximumBits - bits);
    return { spare: Math.min(most, kernel.spareBits(bits)), most };
  }

  /** Makes the kernel anew at its next use, with all its tables: they may have been spoiled. */
  renew(name: KernelName): void {
    this.made.delete(name);
  }

  /** Why the kernel that was asked for cannot serve this size here; null when it can, or none was asked for. */
  refusalOfWanted(bits: number): string | null {
    if (this.wanted === undefined) return null;
    if (!this.isSound(this.wanted)) return `the ${this.wanted} kernel would be wrong on this CPU`;
    const { minimumBits, maximumBits } = this.get(this.wanted);
    if (bits >= minimumBits && bits <= maximumBits) return null;
    return `the ${this.wanted} kernel serves ${minimumBits} to ${maximumBits} bits, and this needs ${bits}`;
  }

  /** Tells the kernel that serves this size which moduli come next. */
  expect(moduli: readonly bigint[], named?: KernelName): void {
    toTheEnd(this.expecting(moduli, named));
  }

  /** `expect`, step by step. */
  *expecting(moduli: readonly bigint[], named?: KernelName): Steps<void> {
    const first = moduli[0];
    if (first === undefined) return;
    const kernel = this.get(named ?? this.choose(bitLength(first)).kernel);
    if (kernel.expecting !== undefined) yield* kernel.expecting(moduli);
  }

  /** The kernels that are right on this CPU, the likely fastest first. */
  private get sound(): KernelName[] {
    return (['schoolbook', 'fft', 'bigint'] as const).filter((name) => this.isSound(name));
  }

  private isSound(name: KernelName): boolean {
    const { simd, fusedMultiplyAdd } = this.capabilities;
    return name === 'bigint' || (simd && (name === 'fft' || fusedMultiplyAdd));
  }

  /** The first of these kernels that does not refuse, or else the last refusal. */
  private openFirst(names: readonly KernelName[], moduli: Lanes<bigint>, registers: number): LaneField | KernelRefusal {
    let last: KernelRefusal | undefined;
    for (const name of names) {
      try {
        return this.get(name).open(moduli, registers);
      } catch (refusal) {
        if (!(refusal instanceof KernelRefusal)) throw refusal;
        last = refusal;
      }
    }
    return last ?? new KernelRefusal('no kernel is left');
  }

  private make(name: KernelName): Kernel {
    if (!this.isSound(name)) throw new KernelRefusal(`the ${name} kernel would be wrong on this CPU`);
    switch (name) {
      case 'fft':
        return fftKernel(this.capabilities.fusedMultiplyAdd ? 'fused' : 'separate');
      case 'schoolbook':
        return schoolbookKernel();
      case 'bigint':
        return bigintKernel();
    }
  }
}
