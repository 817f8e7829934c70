/** The real worker thread, but for sievings of a few numbers: those spin, wait or fill the memory for ever. */

import { parentPort } from 'node:worker_threads';
import type { FromWorker, ToWorker } from '../../main/cruncher/threads/worker-messages.ts';
import { TROUBLES } from './troubles.ts';

/** (module (func (export "f") (loop br 0))) */
const SPINNING = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00],
  ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, 0x0a, 0x09, 0x01, 0x07, 0x00, 0x03, 0x40, 0x0c, 0x00, 0x0b, 0x0b],
);

let instances = 0;

function trouble(count: number): void {
  switch (count) {
    case TROUBLES.spin:
      for (;;);
    case TROUBLES.spinInWebAssembly: {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(SPINNING));
      (exports['f'] as () => void)();
      return;
    }
    case TROUBLES.wait:
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return;
    case TROUBLES.fillMemory: {
      // In pieces of 8 MB: with pieces of some kilobytes V8 now and then aborts the process instead (4 of 156 runs).
      const kept: unknown[] = [];
      for (;;) kept.push(new Array(1 << 20).fill(0.5));
    }
    case TROUBLES.noMemoryForKernels:
      // The sieve's instance, which comes first, gets its memory. The sentence is V8's.
      WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
        construct(target, args) {
          if (++instances === 1) return Reflect.construct(target, args);
          throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance');
        },
      });
  }
}

// Its listener first: it takes the job, and is overtaken by the trouble before it begins.
await import('../../main/cruncher/threads/worker.ts');
parentPort?.on('message', (message: ToWorker) => {
  if (message.type !== 'job' || message.job.type !== 'sieve') return;
  const begun: FromWorker = { type: 'at', index: message.job.count };
  parentPort?.postMessage(begun);
  trouble(message.job.count);
});
