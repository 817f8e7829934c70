/**
 * What the operating system really gave the cruncher: read back after asking, never assumed. The window and
 * `nice19 status` show `sentence`; docs/priority.md says what each part is for.
 */

import * as v from 'valibot';

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
/** −20 (first) to 19 (last). */
const nice = v.pipe(v.number(), v.integer(), v.minValue(-20), v.maxValue(19));

/** What every system's report ends with. */
const verdict = {
  /** Nothing that was not got would make this process a better guest. */
  enough: v.boolean(),
  /** For a human: what was given and, when that is not enough, what is missing and why. */
  sentence: v.string(),
};

/** Why the autogroup was left as it was: it is lowered only when that can touch no program but this one. */
export const AUTOGROUP_OBSTACLES = ['not-session-leader', 'terminal', 'foreign-process', 'refused-by-system'] as const;
export type AutogroupObstacle = (typeof AUTOGROUP_OBSTACLES)[number];

export const ThreadPrioritiesSchema = v.strictObject({
  count: v.pipe(natural, v.minValue(1)),
  /** How many of them are at nice 19. */
  atLowest: natural,
  minimumNice: nice,
  maximumNice: nice,
});
export type ThreadPriorities = v.InferOutput<typeof ThreadPrioritiesSchema>;

export const SCHEDULING_POLICIES = ['other', 'fifo', 'rr', 'batch', 'iso', 'idle', 'deadline', 'ext'] as const;
/** `mixed`: not the same for all threads. */
export const SchedulingPolicySchema = v.picklist([...SCHEDULING_POLICIES, 'mixed', 'unknown']);
export type SchedulingPolicy = v.InferOutput<typeof SchedulingPolicySchema>;

/** sched(7), "The autogroup feature": one scheduling group a session, and nice counts only inside it. */
export const AutogroupSchema = v.strictObject({
  enabled: v.boolean(),
  /** Nice value of the whole session against other sessions. */
  nice,
  /** The session is this program's own: this process leads it, or the desktop app that started it. */
  ownSession: v.boolean(),
  obstacle: v.nullable(v.picklist(AUTOGROUP_OBSTACLES)),
});
export type Autogroup = v.InferOutput<typeof AutogroupSchema>;

/** The control group whose CPU share this process draws on; inside one, autogroups mean nothing. */
export const CpuGroupSchema = v.strictObject({
  path: v.string(),
  /** The group is this process's own leaf, so that nice counts for nothing against programs outside it. */
  separate: v.boolean(),
  /** `cpu.idle` is 1: the group runs when nobody else wants the processor. */
  idle: v.boolean(),
});
export type CpuGroup = v.InferOutput<typeof CpuGroupSchema>;

const linux = v.strictObject({
  platform: v.literal('linux'),
  threads: ThreadPrioritiesSchema,
  policy: SchedulingPolicySchema,
  /** null: this process is in no autogroup (a kernel without them, or a session in the default group). */
  autogroup: v.nullable(AutogroupSchema),
  /** null: no control group rations this process's CPU time. */
  cpuGroup: v.nullable(CpuGroupSchema),
  ...verdict,
});
const macos = v.strictObject({
  platform: v.literal('darwin'),
  nice,
  /** `taskpolicy -b` was accepted: background quality of service, on Apple silicon the efficiency cores. */
  background: v.boolean(),
  ...verdict,
});
/** Windows has classes instead: nice 19 is IDLE_PRIORITY_CLASS. */
const windows = v.strictObject({ platform: v.literal('win32'), nice, ...verdict });
const other = v.strictObject({ platform: v.literal('other'), system: v.string(), nice, ...verdict });

export const PriorityReportSchema = v.variant('platform', [linux, macos, windows, other]);
export type PriorityReport = v.InferOutput<typeof PriorityReportSchema>;
export type LinuxPriorityReport = v.InferOutput<typeof linux>;
