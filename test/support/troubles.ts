/** The troubles of test/support/troubled-worker.ts, by the count of the sieving that brings them. */
export const TROUBLES = { spin: 1, spinInWebAssembly: 2, wait: 3, fillMemory: 4, noMemoryForKernels: 5 } as const;
