/** The same search is started several times at once, also while the first is being killed: only one may have it. */

import { TortureFailure } from '../failure.ts';
import type { Life } from '../life.ts';
import { pause } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Fault } from './fault.ts';
import { caught } from './moments.ts';

const LONGEST_OFFSET_MS = 400;

async function inject(subject: Subject, random: Random): Promise<number> {
  // Beside one that runs, or all of them from nothing.
  const first = random.chance(0.7) ? await caught(subject, random) : subject.life;
  if (subject.isComplete) return 0;
  subject.note('the same search is started again beside it');
  const others: Life[] = [];
  for (let copies = 1 + random.below(2); copies > 0; copies--) {
    others.push(subject.start());
    await pause(random.real() * LONGEST_OFFSET_MS);
  }
  if (first !== null && first.end === null && random.chance(0.5)) await killOne(subject, first, random);
  const outcomes = await Promise.all(others.map(settled));
  const searching = others.filter((life) => life.end === null && life.isSearching);
  if (first?.end === null && first.isSearching) searching.push(first);
  if (searching.length > 1) throw new TortureFailure(`${searching.length} copies search in one directory`);
  return outcomes.length;
}

/** Resolves when a copy has the directory, or has given up. @throws TortureFailure when it ends without a reason */
async function settled(life: Life): Promise<void> {
  if (life.isSearching || (await life.next('started', 'done')) !== null) return;
  const { code, errors } = await life.ended;
  if (code !== 0 && !/Another nice19/.test(errors)) throw new TortureFailure(`a copy ended (${code}): ${errors}`);
}

async function killOne(subject: Subject, life: Life, random: Random): Promise<void> {
  subject.hit('the first of the copies is killed');
  if (random.chance(0.5)) life.cruncher?.signal('SIGKILL');
  life.parent.signal('SIGKILL');
  await life.ended;
}

export const COPIES: readonly Fault[] = [
  {
    name: 'copies',
    idea: 'up to three copies are started on one directory, also while the first is killed',
    perRun: 10,
    scene: () => ({ inject }),
  },
];
