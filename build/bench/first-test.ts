/**
 * Preloaded into the terminal program by start.ts (`--import`), and from there into the cruncher and its threads: notes when
 * the first strong test begins to compute, in milliseconds since 1970, in the file that the environment names.
 */

import children, { type ForkOptions } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** Of the environment. */
const FILE = 'NICE19_BENCH_FIRST_TEST';

if (isMainThread) {
  const { fork } = children;
  children.fork = ((file: string, args: readonly string[], options: ForkOptions = {}) =>
    fork(file, args, {
      ...options,
      execArgv: [...(options.execArgv ?? []), '--import', import.meta.url],
    })) as typeof fork;
  syncBuiltinESMExports();
} else {
  const { StrongPair } = await import('../../main/search/primality/strong.ts');
  const { advance } = StrongPair.prototype;
  StrongPair.prototype.advance = function (squarings) {
    StrongPair.prototype.advance = advance;
    appendFileSync(process.env[FILE] as string, `${performance.timeOrigin + performance.now()}\n`);
    advance.call(this, squarings);
  };
}
