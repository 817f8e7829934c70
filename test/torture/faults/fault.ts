/** A fault: one thing that can happen to a search, and how to make it happen. */

import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Tools } from '../tools.ts';

/** What a run needs beyond the search itself, and how it is taken down again, whatever happened. */
export interface Scene {
  /** Once, after the reference is there and before the first start. */
  readonly prepare?: (subject: Subject) => Promise<void> | void;
  /** Injects the fault once, at a moment of its own choosing. The search may run or be at rest, before and after. */
  readonly inject: (subject: Subject, random: Random) => Promise<number>;
  readonly tidy?: () => Promise<void> | void;
}

export interface Fault {
  /** As it stands in the table and on the command line. */
  readonly name: string;
  /** One line that says what happens. */
  readonly idea: string;
  /** Injections in one run, at most. */
  readonly perRun: number;
  /** Share of the campaign's time, against 1 of the others. */
  readonly weight?: number;
  /** Sizes that suit it; all when not given. */
  readonly digits?: readonly number[];
  /** What it needs that is not there, as a person would ask for it; null when it can be injected. */
  readonly missing?: (tools: Tools) => string | null;
  /** One for each run. */
  readonly scene: (tools: Tools) => Scene;
}
