/** What the host remembers beside the settings, in the same file: a pause outlives a restart. */

import * as v from 'valibot';

const Time = v.pipe(v.string(), v.isoTimestamp());

export const HostStateSchema = v.strictObject({
  /** The first page was answered. */
  firstStartDone: v.boolean(),
  pausedByUser: v.boolean(),
  /** A pause until a time, asked for; when it was asked for tells a clock that was set since. */
  snooze: v.nullable(v.strictObject({ askedAt: Time, until: Time })),
});
export type HostState = v.InferOutput<typeof HostStateSchema>;

export const FIRST_STATE: HostState = { firstStartDone: false, pausedByUser: false, snooze: null };
