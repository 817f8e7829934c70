/**
 * Files of the data directory are flipped, overwritten, cut short, replaced by garbage or deleted, in place or by another
 * file of the same name, while the search runs and while it is at rest.
 */

import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Fault, Scene } from './fault.ts';
import { caught } from './moments.ts';

const LONGEST_GARBAGE = 20_000;

type Harm = (file: string, random: Random) => void;

/** One bit, or a few hundred, anywhere. */
const flip: Harm = (file, random) => {
  const { size } = statSync(file);
  if (size === 0) return;
  const handle = openSync(file, 'r+');
  try {
    const byte = Buffer.alloc(1);
    for (let bits = random.chance(0.5) ? 1 : 1 + random.below(500); bits > 0; bits--) {
      const at = random.below(size);
      readSync(handle, byte, 0, 1, at);
      byte[0] = (byte[0] as number) ^ (1 << random.below(8));
      writeSync(handle, byte, 0, 1, at);
    }
  } finally {
    closeSync(handle);
  }
};

/** A stretch of it, in place, as a stray write or a failing sector leaves it. */
const overwrite: Harm = (file, random) => {
  const { size } = statSync(file);
  if (size === 0) return;
  const length = Math.min(size, 1 + random.below(LONGEST_GARBAGE));
  const handle = openSync(file, 'r+');
  try {
    const bytes = random.chance(0.5) ? random.bytes(length) : Buffer.alloc(length);
    writeSync(handle, bytes, 0, length, random.below(size - length + 1));
  } finally {
    closeSync(handle);
  }
};

const cutShort: Harm = (file, random) => truncateSync(file, random.below(statSync(file).size + 1));

/** Another file takes its name. */
const replace: Harm = (file, random) => {
  writeFileSync(`${file}.garbage`, random.bytes(random.below(LONGEST_GARBAGE)));
  renameSync(`${file}.garbage`, file);
};

const remove: Harm = (file) => rmSync(file);

const HARMS: Readonly<Record<string, Harm>> = {
  'bits flipped': flip,
  'overwritten in part': overwrite,
  'cut short': cutShort,
  'replaced by garbage': replace,
  deleted: remove,
};

/** @param fileOf the file to be damaged; null: it is not there now */
function damaging(fileOf: (data: string) => string | null): () => Scene {
  return () => ({
    async inject(subject: Subject, random: Random) {
      const life = await caught(subject, random);
      if (life === null) return 0;
      const { data } = subject.options;
      const atRest = random.chance(0.5);
      if (atRest) {
        if (random.chance(0.5)) await life.kill();
        else {
          life.parent.signal('SIGTERM');
          await life.ended;
        }
        await subject.allGone();
        if (subject.isComplete) return 0;
      }
      const file = fileOf(data);
      if (file === null) return 0;
      const [what, harm] = random.pick(Object.entries(HARMS));
      subject.hit(`${file.slice(data.length + 1)} is ${what} while ${atRest ? 'at rest' : 'running'}`);
      harm(file, random);
      const again = await subject.running();
      await again?.next('checkpoint', 'done');
      // What was damaged while it ran may only be seen at the next start.
      if (!atRest && random.chance(0.5)) await subject.life?.kill();
      return 1;
    },
  });
}

const named =
  (name: string) =>
  (data: string): string | null =>
    existsSync(join(data, name)) ? join(data, name) : null;

/** Of the files in `backups`, the one with the highest number. */
const newest =
  (pattern: RegExp) =>
  (data: string): string | null => {
    const folder = join(data, 'backups');
    const number = (name: string) => Number(pattern.exec(name)?.[1]);
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : [];
    const last = names.sort((a, b) => number(a) - number(b)).at(-1);
    return last === undefined ? null : join(folder, last);
  };

const HOW = 'damaged, replaced or deleted, while running and at rest';

export const DAMAGE: readonly Fault[] = [
  { name: 'store-damaged', idea: `the store's file is ${HOW}`, perRun: 10, scene: damaging(named('nice19.sqlite')) },
  {
    name: 'log-damaged',
    idea: `its write-ahead log is ${HOW}`,
    perRun: 10,
    scene: damaging(named('nice19.sqlite-wal')),
  },
  {
    name: 'backup-damaged',
    idea: `the newest backup is ${HOW}`,
    perRun: 10,
    scene: damaging(newest(/^store-(\d+)\.sqlite$/)),
  },
  {
    name: 'journal-damaged',
    idea: `the newest journal is ${HOW}`,
    perRun: 10,
    scene: damaging(newest(/^journal-(\d+)\.jsonl$/)),
  },
];
