/** The directory comes from a newer nice19: it is refused with a sentence and left as it is, to the byte. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TortureFailure } from '../failure.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Fault } from './fault.ts';
import { caught } from './moments.ts';

const STORE = 'nice19.sqlite';
const PATIENCE_MS = 10_000;

function version(data: string, set?: number): number {
  // A process that was killed a moment ago may not have let go of its files yet.
  const database = new DatabaseSync(join(data, STORE), { timeout: PATIENCE_MS });
  try {
    if (set !== undefined) database.exec(`PRAGMA user_version = ${set}`);
    return Number((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version);
  } finally {
    database.close();
  }
}

/** Every file with its digest. The lock's files are nobody's possession, nor are the empty ones that SQLite reads with. */
function contents(data: string): string[] {
  return readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('running.') && !name.endsWith('-shm'))
    .filter((name) => statSync(join(data, name)).isFile() && statSync(join(data, name)).size > 0)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(data, name)))
          .digest('hex')}`,
    );
}

async function inject(subject: Subject, random: Random): Promise<number> {
  const life = await caught(subject, random);
  if (life === null) return 0;
  const { data } = subject.options;
  if (random.chance(0.5)) {
    life.parent.signal('SIGTERM');
    await life.ended;
  } else {
    subject.hit('killed, before the store becomes a newer one');
    await life.kill();
  }
  await subject.allGone();
  if (subject.isComplete) return 0;
  const own = version(data);
  version(data, own + 1);
  const before = contents(data);
  subject.note('the store is of a newer version');
  const end = await subject.start().ended;
  if (end.code !== 1 || !/newer/.test(end.errors)) {
    throw new TortureFailure(`a newer store was not refused as such (${end.code}): ${end.errors}`);
  }
  await subject.allGone();
  const after = contents(data);
  const changed = [
    ...before.filter((file) => !after.includes(file)),
    ...after.filter((file) => !before.includes(file)),
  ];
  if (changed.length > 0) throw new TortureFailure(`the files of a newer store were changed: ${changed.join(', ')}`);
  version(data, own);
  return 1;
}

export const NEWER_STORE: readonly Fault[] = [
  {
    name: 'newer-store',
    idea: 'the store was written by a newer nice19: refused, left untouched, and gone on with when it is put back',
    perRun: 10,
    scene: () => ({ inject }),
  },
];
