/**
 * The terminal program, the cruncher and its threads as one file (`npm run bundle`): each start looks which of them it is. The
 * cruncher is the one that was forked with a channel and without a word; a thread says so in the address it was loaded from.
 */

import { isMainThread } from 'node:worker_threads';

const thread = new URL(import.meta.url).searchParams.get('thread');

switch (thread) {
  case 'worker':
    await import('../../main/cruncher/threads/worker.ts');
    break;
  case 'backup-thread':
    await import('../../main/cruncher/store/backup-thread.ts');
    break;
  case 'selftest-worker':
    await import('../../main/cruncher/threads/selftest-worker.ts');
    break;
  default:
    if (!isMainThread) throw new Error(`there is no thread ${thread}`);
    if (process.send !== undefined && process.argv.length === 2) await import('../../main/cruncher/main.ts');
    else await import('../../main/cli/main.ts');
}
