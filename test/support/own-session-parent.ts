/**
 * The desktop app as far as sessions go: in the session that it was started in, whatever that is, it starts a process in
 * between, as Electron's zygote is, which starts priority-child.ts and says whose session it is. The child's report
 * passes through, to the parent or, without one, to the output.
 * Argument `beside-a-stranger`: with a process in the session that is nobody's child any more.
 */

import { fork, spawnSync } from 'node:child_process';

const [role, ...args] = process.argv.slice(2);
if (role === 'beside-a-stranger') {
  spawnSync('sh', ['-c', 'sleep 600 </dev/null >/dev/null 2>&1 &']);
}
const child =
  role === 'in-between'
    ? fork(new URL('priority-child.ts', import.meta.url), args, { execArgv: [] })
    : fork(new URL(import.meta.url), ['in-between', 'no-workers', `--own-session=${process.pid}`], { execArgv: [] });
child.on('message', (message) => {
  if (process.send === undefined) process.stdout.write(`${JSON.stringify({ leader: process.pid, report: message })}\n`);
  else process.send(message);
});
process.on('message', () => child.send('end'));
process.once('disconnect', () => {
  child.disconnect();
  process.exit();
});
