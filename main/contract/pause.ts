/** Why a search does not run: a set of reasons, as in BOINC. It runs while the set is empty. */

import * as v from 'valibot';

/**
 * Reasons that a parent gives and takes back. `user`: asked for, until resumed. `snooze`: asked for, until a time.
 * `battery`, `user-active`, `fullscreen`, `program`, `schedule`, `heat`: the manners, each a setting.
 */
export const WANTED_PAUSES = [
  'user',
  'snooze',
  'battery',
  'user-active',
  'fullscreen',
  'program',
  'schedule',
  'heat',
] as const;
export const WantedPauseSchema = v.picklist(WANTED_PAUSES);
export type WantedPause = v.InferOutput<typeof WantedPauseSchema>;

/**
 * `cannot-save`: there is as much work to be saved as memory should hold, and the disk says no; the search begins and
 * ends this pause itself.
 */
export const PAUSE_REASONS = [...WANTED_PAUSES, 'cannot-save'] as const;
export const PauseReasonSchema = v.picklist(PAUSE_REASONS);
export type PauseReason = v.InferOutput<typeof PauseReasonSchema>;

/** A reason as people are shown it. */
export const PauseSchema = v.object({
  reason: PauseReasonSchema,
  /** One sentence without its full stop, such as "on battery (43 %)". */
  sentence: v.string(),
  /** When it ends by itself, ISO 8601 in UTC; null: nobody knows. */
  until: v.nullable(v.string()),
});
export type Pause = v.InferOutput<typeof PauseSchema>;
