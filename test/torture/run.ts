/** One run of the campaign: a search from its beginning to its end, hit by one kind of fault several times. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Judgement, judge } from './comparison.ts';
import { TortureFailure } from './failure.ts';
import type { Fault } from './faults/fault.ts';
import type { Place } from './place.ts';
import type { Random } from './random.ts';
import type { References } from './reference.ts';
import { type Spec, Subject } from './subject.ts';
import type { Tools } from './tools.ts';

export interface RunOrder {
  readonly fault: Fault;
  readonly spec: Spec;
  readonly random: Random;
  /** The run's own directory, there already and empty. */
  readonly directory: string;
  readonly references: References;
  readonly tools: Tools;
  /** No more faults: what is begun is brought to its end. */
  readonly isOver: () => boolean;
  readonly injected: (times: number) => void;
}

export interface RunResult {
  readonly judgement: Judgement;
  /** CPU seconds. */
  readonly redoneAtMost: number;
  /** The places that were hit, where the fault has many. */
  readonly covered: ReadonlySet<string>;
  /** What the program said when it crashed or gave up. */
  readonly remarks: readonly string[];
}

/** How often in a row a fault may not come about before the run is left to end. */
const MISSES = 10;

export async function tortureRun(order: RunOrder): Promise<RunResult> {
  const { fault, spec, random, directory, references, tools } = order;
  const reference = await references.of(spec);
  const data = join(directory, 'data');
  mkdirSync(data);
  const scene = fault.scene(tools);
  const workers = 1 + random.below(2);
  const subject = new Subject({ spec, directory, data, workers, checkpointEvery: 0.05 + random.real() * 0.2 });
  let judgement: Judgement;
  try {
    await scene.prepare?.(subject);
    let misses = 0;
    for (let times = 0; times < fault.perRun && misses < MISSES && !subject.isComplete && !order.isOver(); ) {
      const injected = await scene.inject(subject, random);
      times += injected;
      misses = injected > 0 ? 0 : misses + 1;
      order.injected(injected);
    }
    await subject.finish();
    judgement = judgementOf(subject, await subject.primes(), reference);
  } catch (error) {
    // Whatever else goes wrong fails this run only: a campaign of hours has a table at its end.
    const problem = error instanceof TortureFailure ? error.message : `the campaign itself: ${(error as Error).stack}`;
    judgement = { lost: subject.forgotten, doubled: subject.repeated.length, problems: [problem] };
  } finally {
    await subject.end();
    await scene.tidy?.();
  }
  writeFileSync(join(directory, 'history.txt'), `${subject.history.join('\n')}\n`);
  const { redoneAtMost, covered, remarks } = subject;
  return { judgement, redoneAtMost, covered, remarks };
}

function judgementOf(subject: Subject, stored: readonly Place[], reference: readonly Place[]): Judgement {
  const { announced, repeated, forgotten } = subject;
  return judge({
    stored,
    announced: [...announced.values()],
    repeated: repeated.length,
    forgotten,
    reference,
  });
}
