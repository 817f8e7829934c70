/** A process that holds the lock of the directory that is its argument, until it is killed. */

import { lockDirectory } from '../../main/cruncher/store/lock.ts';

const result = lockDirectory(process.argv[2] as string, { pid: process.pid, since: '2026-01-02T03:04:05.678Z' });
process.send?.(result.ok);
// Held by this listener: a lock that nobody refers to may be collected, and is free then.
process.on('message', () => result.ok && result.lock.release());
