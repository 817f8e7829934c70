/** The kernels as the rooms above know them: by name, and made once a thread. */

export { ArithmeticFault } from '../kernel/arithmetic-fault.ts';
export { expectPowers } from '../kernel/checked-power.ts';
export { areCrossovers, type Crossovers, crossoversMatter, measureCrossovers } from '../kernel/crossovers.ts';
export { KERNEL_NAMES, type KernelName } from '../kernel/field.ts';
export { Kernels } from '../kernel/kernels.ts';
export { BASE_TWO_REGISTERS as KERNEL_REGISTERS } from '../kernel/power.ts';
export { mergesVectors } from '../kernel/wasm/wide.ts';
