/**
 * A process that lowers its priority as the cruncher does, starts two worker threads that compute, and reports; any
 * message makes it hurry as if it were to end.
 * Argument `beside-a-stranger`: first leaves a process in its session that is not its child any more; `no-workers`: none.
 */

import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { hurryToEnd, lowerPriority } from '../../main/cruncher/priority.ts';

if (process.argv[2] === 'beside-a-stranger') {
  spawnSync('sh', ['-c', 'sleep 600 </dev/null >/dev/null 2>&1 &']);
}
const report = lowerPriority();

const code =
  'require("node:worker_threads").parentPort.postMessage("up"); for (let x = 1; ; ) x = (x * 48271) % 2147483647';
let started = 0;
const workers = process.argv[2] === 'no-workers' ? 0 : 2;
if (workers === 0) process.send?.(report);
for (let worker = 0; worker < workers; worker++) {
  new Worker(code, { eval: true }).once('message', () => {
    started++;
    if (started < workers) return;
    lowerPriority();
    process.send?.(report);
  });
}
process.on('message', () => {
  hurryToEnd();
  process.send?.('hurried');
});
process.once('disconnect', () => process.exit());
