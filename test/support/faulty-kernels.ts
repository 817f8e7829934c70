/**
 * Kernels that lie: chosen operations leave a residue with one bit flipped, as a fault of the memory or of the
 * processor would. Everything else is passed on to the real ones.
 */

import type { KernelName, LaneField, Lanes } from '../../main/kernel/field.ts';
import { Kernels } from '../../main/kernel/kernels.ts';

/** A change of a register's contents: a chain of squarings or a product, counted over all fields of the kernels. */
export interface Operation {
  readonly kernel: KernelName;
  /** 0 for the first operation, and so on. */
  readonly number: number;
  readonly moduli: Lanes<bigint>;
}

export class FaultyKernels extends Kernels {
  /** Operations done so far. */
  operations = 0;
  /** Faults made so far. */
  faults = 0;
  private readonly isFaulty: (operation: Operation, faults: number) => boolean;
  private readonly bit: bigint;

  /**
   * @param isFaulty which operations lie; it is told how many have lied before
   * @param bit the bit that is flipped, in both lanes
   */
  constructor(
    isFaulty: (operation: Operation, faults: number) => boolean,
    bit = 3,
    options: ConstructorParameters<typeof Kernels>[0] = {},
  ) {
    super(options);
    this.isFaulty = isFaulty;
    this.bit = 1n << BigInt(bit);
  }

  override open(moduli: Lanes<bigint>, registers: number, named?: KernelName): LaneField {
    const field = super.open(moduli, registers, named);
    const spoil = (register: number): void => {
      const number = this.operations++;
      if (!this.isFaulty({ kernel: field.kernel, number, moduli }, this.faults)) return;
      this.faults++;
      const [first, second] = field.read(register);
      field.write(register, [first ^ this.bit, second ^ this.bit]);
    };
    return {
      kernel: field.kernel,
      moduli: field.moduli,
      registers: field.registers,
      write: (register, values) => field.write(register, values),
      read: (register) => field.read(register),
      copy: (to, from) => field.copy(to, from),
      swizzle: (to, from, lanes) => field.swizzle(to, from, lanes),
      select: (to, first, second) => field.select(to, first, second),
      subtract: (to, x, y) => field.subtract(to, x, y),
      squareChain: (register, doublings, from, count) => {
        field.squareChain(register, doublings, from, count);
        spoil(register);
      },
      multiply: (to, x, y) => {
        field.multiply(to, x, y);
        spoil(to);
      },
    };
  }
}
