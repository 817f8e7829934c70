/** Everything that is fuzzed, by name, and how many of a campaign's cases each gets: a case of the store takes 70 ms of CPU. */

import type { MakeTarget } from './target.ts';
import { checkpointContentTarget } from './targets/checkpoint-content.ts';
import { checkpointFileTarget } from './targets/checkpoint-file.ts';
import { commandLineTarget } from './targets/command-line.ts';
import { importTarget } from './targets/import.ts';
import { numbersTarget } from './targets/numbers.ts';
import { storeTarget } from './targets/store.ts';

export const TARGETS = {
  'checkpoint-file': { share: 0.25, make: checkpointFileTarget },
  'checkpoint-content': { share: 0.1, make: checkpointContentTarget },
  import: { share: 0.05, make: importTarget },
  store: { share: 0.1, make: storeTarget },
  numbers: { share: 0.25, make: numbersTarget },
  'command-line': { share: 0.25, make: commandLineTarget },
} satisfies Record<string, { share: number; make: MakeTarget }>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as TargetName[];
