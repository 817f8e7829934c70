/** What every job of the cruncher gets, and how it says no. */

import type { Command, CruncherEvent } from '../../contract/messages.ts';
import type { PriorityReport } from '../../contract/priority.ts';
import { oneLine } from '../../contract/sentence.ts';

export interface JobContext {
  readonly emit: (event: CruncherEvent) => void;
  /** Commands that come while the job runs. */
  readonly onCommand: (listener: (command: Command) => void) => void;
  /** The job shall save and end: asked by the parent or by a signal, or the parent is gone. */
  readonly stopped: Promise<void>;
  readonly isStopped: () => boolean;
  /** Goes to the lowest priority, with every thread there is, and says what the system gave. */
  readonly lowerPriority: () => PriorityReport;
}

/** The job cannot be done; the message is one sentence that says what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** @param sentence may quote a file: what a terminal would obey is taken out */
  constructor(sentence: string) {
    super(oneLine(sentence));
  }
}

/** Lets messages and signals in between two slices of work. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
