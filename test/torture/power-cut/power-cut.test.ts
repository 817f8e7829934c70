/**
 * The short form of `npm run torture:power-cut`, on recordings in test/data: strace is not everywhere. They show what
 * today's program makes of what it once wrote; the long form records anew.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Random } from '../random.ts';
import { type CrashState, crashStates, digestOf } from './crash-states.ts';
import { Disk } from './disk.ts';
import { type Operation, packRecording, type Recording, unpackRecording } from './operations.ts';
import { type Replay, replay } from './replay.ts';
import { RECORDED } from './scenarios.ts';
import { operationsOf } from './strace.ts';

const recordings = RECORDED.map(({ scenario, file }) => ({
  name: scenario.name,
  recording: unpackRecording(readFileSync(file)),
}));

const problemsOf = ({ failures }: Replay): string[] =>
  failures.map(({ instant, lost, problem }) => `after ${instant}, lost ${lost}: ${problem}`);

test.each(recordings)('after a power cut at any instant nothing is lost: $name', async ({ recording }) => {
  const result = await replay(recording, { seed: 19, mixtures: 2, share: 0.15 });
  expect(problemsOf(result)).toEqual([]);
  expect(result.states).toBeGreaterThan(100);
});

describe('the replay finds', () => {
  const { recording } = recordings[0] as (typeof recordings)[number];
  const without = (drop: (operation: Operation, k: number) => boolean): Recording => ({
    ...recording,
    operations: recording.operations.filter((operation, k) => !drop(operation, k)),
  });
  const problemsWithout = async (drop: Parameters<typeof without>[0]): Promise<string> =>
    problemsOf(
      await replay(without(drop), {
        seed: 19,
        mixtures: 1,
        share: 0.3,
        enough: ({ failures }) => failures.length > 20,
      }),
    ).join('\n');

  test('a program that tells before it syncs', async () => {
    expect(await problemsWithout((operation) => operation.do === 'sync')).toMatch(/told .* lost|the search is gone/);
  });

  test('names that were never synced', async () => {
    const isDirectory = (name: string) => !/\.\w+(-\w+)?$/.test(name);
    const lost = await problemsWithout((operation) => operation.do === 'sync' && isDirectory(operation.name));
    expect(lost).toMatch(/lost (bytes and )?names \(independent\).*: the search is gone/);
  });
});

describe('a disk', () => {
  const bytes = (text: string): Buffer => Buffer.from(text);
  const statesAfter = (operations: readonly Operation[], mixtures = 60): string[] => {
    const disk = new Disk(new Map([['d/old', bytes('old')]]));
    for (const operation of operations) disk.apply(operation);
    const shown = ({ files }: CrashState) => [...files].map(([name, content]) => `${name}=${content}`).join(' ');
    return [...new Set([...crashStates(disk, new Random('a disk'), mixtures)].map(shown))].sort();
  };

  test('keeps what was synced, and of the rest anything', () => {
    const first: Operation[] = [
      { do: 'write', name: 'd/old', at: 0, data: bytes('NEW') },
      { do: 'sync', name: 'd/old' },
    ];
    expect(statesAfter(first)).toEqual(['d/old=NEW']);
    const more = statesAfter([
      ...first,
      { do: 'write', name: 'd/old', at: 0, data: bytes('a') },
      { do: 'write', name: 'd/old', at: 2, data: bytes('b') },
    ]);
    expect(more).toEqual(['d/old=NEW', 'd/old=NEb', 'd/old=aEW', 'd/old=aEb']);
  });

  test('tears a write at a sector', () => {
    const data = Buffer.alloc(1024, 'x');
    const lengths = statesAfter([{ do: 'write', name: 'd/old', at: 0, data }]).map((state) =>
      state.replace(/[^x]/g, ''),
    );
    expect(new Set(lengths.map(({ length }) => length))).toEqual(new Set([0, 512, 1024]));
  });

  test('loses names that were not synced, one by one or from the last on', () => {
    const made: Operation[] = ['a', 'b'].map((name) => ({ do: 'create', name: `d/${name}` }));
    expect(statesAfter(made)).toEqual(['d/old=old', 'd/old=old d/a=', 'd/old=old d/a= d/b=', 'd/old=old d/b=']);
    expect(statesAfter([...made, { do: 'sync', name: 'd' }])).toEqual(['d/old=old d/a= d/b=']);
    // Syncing a file takes the names before it along only where names are ordered.
    const disk = new Disk(new Map([['d/old', bytes('old')]]));
    for (const operation of [...made, { do: 'sync', name: 'd/a' } as const]) disk.apply(operation);
    expect(disk.pendingNames('ordered')).toEqual([]);
    expect(disk.pendingNames('independent').map(({ name }) => name)).toEqual(['d/a', 'd/b']);
  });

  test('never has neither name of a file that was renamed', () => {
    const states = statesAfter([{ do: 'rename', name: 'd/old', to: 'd/new' }]);
    expect(states).toEqual(['d/new=old', 'd/old=old', 'd/old=old d/new=old']);
  });

  test('loses what is in a directory with the directory', () => {
    const states = statesAfter([
      { do: 'mkdir', name: 'e' },
      { do: 'create', name: 'e/x' },
      { do: 'sync', name: 'e' },
    ]);
    expect(states).toEqual(['d/old=old', 'd/old=old e/x=']);
  });

  test('states are told apart by names and by bytes', () => {
    const digests = [{ a: 'x' }, { b: 'x' }, { a: 'y' }, { a: 'x', b: '' }].map((files) =>
      digestOf(new Map(Object.entries(files).map(([name, text]) => [name, bytes(text as string)]))),
    );
    expect(new Set(digests).size).toBe(4);
  });
});

describe('strace', () => {
  const hex = (text: string): string =>
    [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const file = (name: string, descriptor = 7): string => `${descriptor}<${hex(`/r/${name}`)}>`;

  test('is read as what was asked of the directory, in the order in which calls returned', () => {
    const trace = [
      `10 openat(AT_FDCWD<${hex('/')}>, "${hex('/r/d/x')}", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = ${file('d/x')}`,
      `10 write(${file('d/x')}, "${hex('abc')}", 3) = 3`,
      `10 fsync(${file('d/x')} <unfinished ...>`,
      `11 pwrite64(${file('d/x')}, "${hex('z')}", 1, 9) = 1`,
      `11 write(1<${hex('pipe:[1]')}>, "${hex('told\nha')}", 7) = 7`,
      '10 <... fsync resumed>)           = 0',
      `10 write(${file('d/x')}, "${hex('de')}", 2) = 1`,
      `10 rename("${hex('/r/d/x')}", "${hex('/r/d/y')}") = 0`,
      `10 unlink("${hex('/r/d/none')}") = -1 ENOENT (No such file or directory)`,
      `10 ftruncate(${file('d/y')}, 2) = 0`,
      `10 pwrite64(${file('elsewhere', 8).replace(hex('/r/'), hex('/q/'))}, "${hex('z')}", 1, 0) = 1`,
      `11 write(1<${hex('pipe:[1]')}>, "${hex('lf\n')}", 3) = 3`,
      '11 +++ exited with 0 +++',
    ].join('\n');
    expect(operationsOf(trace, '/r', new Map())).toEqual([
      { do: 'create', name: 'd/x' },
      { do: 'write', name: 'd/x', at: 0, data: Buffer.from('abc') },
      { do: 'write', name: 'd/x', at: 9, data: Buffer.from('z') },
      { do: 'tell', line: 'told' },
      { do: 'sync', name: 'd/x' },
      { do: 'write', name: 'd/x', at: 3, data: Buffer.from('d') },
      { do: 'rename', name: 'd/x', to: 'd/y' },
      { do: 'truncate', name: 'd/y', size: 2 },
      { do: 'tell', line: 'half' },
    ]);
  });

  test('is not believed about calls that the model does not know', () => {
    const trace = `10 linkat(AT_FDCWD<${hex('/')}>, "${hex('/r/d/x')}", AT_FDCWD<${hex('/')}>, "${hex('/r/d/y')}", 0) = 0`;
    expect(() => operationsOf(trace, '/r', new Map())).toThrow('linkat');
  });

  test('a recording comes back from its file', () => {
    const { recording } = recordings[0] as (typeof recordings)[number];
    expect(unpackRecording(packRecording(recording))).toEqual(recording);
  });
});
