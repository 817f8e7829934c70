/** What is going on, as the tray and the window show it: a snapshot, whole each time. */

import * as v from 'valibot';
import { PrimeSummarySchema } from './library.ts';
import { ProgressSchema } from './messages.ts';
import { PauseSchema } from './pause.ts';
import { PriorityReportSchema } from './priority.ts';
import { SearchSpecSchema } from './search-spec.ts';

export const NowSchema = v.object({
  /**
   * `starting`: no cruncher has said anything yet, or it is started again. `running`, `paused`. `stopped`: it will not run
   * and `problem` says why. `ending`: it saves and ends.
   */
  state: v.picklist(['starting', 'running', 'paused', 'stopped', 'ending']),
  /** Why it is paused; the first is the one to show where there is room for one. */
  pauses: v.array(PauseSchema),
  /** Something that the user should know and can do something about, one sentence; null: nothing. */
  problem: v.nullable(v.string()),
  /** Sentences that the user has not put away: what was restored, what was set aside. The last ten. */
  notices: v.array(v.object({ id: v.number(), at: v.string(), sentence: v.string() })),
  search: v.nullable(
    v.object({
      searchId: v.string(),
      spec: SearchSpecSchema,
      resumed: v.boolean(),
      kernel: v.object({ kernel: v.string(), why: v.string() }),
    }),
  ),
  progress: v.nullable(ProgressSchema),
  lastFind: v.nullable(PrimeSummarySchema),
  /** ISO 8601; null: none since this start. */
  lastCheckpointAt: v.nullable(v.string()),
  priority: v.nullable(PriorityReportSchema),
  /** Cores that compute when it runs, of how many there are, and percent of their time. */
  cores: v.object({ used: v.number(), of: v.number(), share: v.number() }),
});
export type Now = v.InferOutput<typeof NowSchema>;
