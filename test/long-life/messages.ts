/** What the week's process tells its parent, besides the events of the search. */

import type { CruncherEvent } from '../../main/contract/messages.ts';
import type { Footprint, Sample } from './footprint.ts';
import type { Week } from './week.ts';

export type FromWeek =
  | CruncherEvent
  | { readonly type: 'sample'; readonly sample: Sample; readonly bytes: number }
  | { readonly type: 'sentence'; readonly sentence: string }
  | { readonly type: 'lived'; readonly week: Week; readonly cpuSeconds: number; readonly last: Footprint };
