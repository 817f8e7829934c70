/** Every fault of the campaign, in the order of the table. */

import { CLOCKS } from './clocks.ts';
import { COPIES } from './copies.ts';
import { DAMAGE } from './damage.ts';
import { DIRECTORIES } from './directories.ts';
import { DISKS } from './disks.ts';
import type { Fault } from './fault.ts';
import { KILLS } from './kills.ts';
import { NEWER_STORE } from './newer.ts';
import { SYSTEM_CALLS } from './system-calls.ts';
import { THREADS } from './threads.ts';

export const FAULTS: readonly Fault[] = [
  ...KILLS,
  ...THREADS,
  ...SYSTEM_CALLS,
  ...DISKS,
  ...DAMAGE,
  ...DIRECTORIES,
  ...CLOCKS,
  ...COPIES,
  ...NEWER_STORE,
];
