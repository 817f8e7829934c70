/** Jobs of a pool without a pool: what HTCondor would do with them is done by hand. On a real one: `npm run test:pool`. */

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUNDLE, bundleProgram, ROOT } from '../../build/pool/bundle.ts';
import { FINDS_FILE, type JobState, JobStateSchema, STATE_FILE } from '../../main/contract/job-files.ts';
import { jobSeed } from '../../main/pool/seeds.ts';
import { type Ended, nice19, places, primes, start } from '../support/nice19.ts';

let directory: string;
const at = (...names: string[]) => join(directory, ...names);
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-pool-'));
  await bundleProgram(join(ROOT, BUNDLE));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const toCheckpoint = (place: string, ...more: string[]) => [
  'search',
  '--exit-on-checkpoint',
  '85',
  '--data',
  place,
  ...more,
];

function stateOf(place: string): JobState {
  const [, content] = readFileSync(join(place, STATE_FILE), 'utf8').split('\n');
  return v.parse(JobStateSchema, JSON.parse(content as string));
}

const testsInProgress = (place: string): number =>
  stateOf(place).state.units.filter(({ active }) => active !== null).length;

/** Only the two files come to another computer. */
function elsewhere(place: string, name: string): string {
  mkdirSync(at(name));
  for (const file of [STATE_FILE, FINDS_FILE]) cpSync(join(place, file), at(name, file));
  return at(name);
}

describe('search --exit-on-checkpoint', () => {
  const search = ['--digits', '200', '--seed', 'abc', '--count', '24'];

  it('ends with 85 again and again, each time elsewhere, then with 0, and has the primes of the same search', async () => {
    const codes: (number | null)[] = [];
    let place = at('job');
    while (codes.at(-1) !== 0 && codes.length < 60) {
      codes.push((await nice19(...toCheckpoint(place, ...search, '--every', '0.3'))).code);
      place = elsewhere(place, `job-${codes.length}`);
    }
    expect(codes.at(-1)).toBe(0);
    expect(codes.length).toBeGreaterThan(3);
    expect(new Set(codes.slice(0, -1))).toEqual(new Set([85]));
    await nice19('search', ...search, '--data', at('store'));
    const lines = readFileSync(join(place, FINDS_FILE), 'utf8').trimEnd().split('\n');
    const found = lines.map((line) => JSON.parse(line) as { block: number; offset: number });
    const expected = places(await primes(at('store')));
    expect(found.map(({ block, offset }) => `${block}:${offset}`)).toEqual(
      expected.map((one) => one.split(':').slice(0, 2).join(':')),
    );
    // Once more: there is nothing to do.
    expect((await nice19(...toCheckpoint(place, ...search))).code).toBe(0);
  });

  it('on SIGTERM saves the test of 100,000 digits that it is in, and ends with 85', async () => {
    const place = at('huge');
    const running = start([...toCheckpoint(place, '--digits', '100000', '--seed', '1'), '--json']);
    for (let tests = 0; tests === 0; ) {
      const { workers } = (await running.event('progress')) as { workers: { stage: string; fraction: number }[] };
      tests = workers.filter(({ stage, fraction }) => stage === 'screen' && fraction > 0).length;
    }
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(85);
    expect(testsInProgress(place)).toBe(1);
  });

  it('after SIGKILL goes on from what was saved last', async () => {
    const place = at('killed');
    const running = start([
      ...toCheckpoint(place, '--digits', '300', '--seed', '7', '--checkpoint-every', '0.1'),
      '--json',
    ]);
    await running.event('prime');
    running.process.kill('SIGKILL');
    await running.ended;
    const next = start([...toCheckpoint(place, '--every', '0.5'), '--json']);
    expect(await next.event('started')).toMatchObject({ resumed: true, spec: { digits: 300 } });
    expect((await next.ended).code).toBe(85);
  });

  it('refuses the files of another search, and files that do not belong together', async () => {
    const place = at('other');
    expect((await nice19(...toCheckpoint(place, '--digits', '100', '--count', '2'))).code).toBe(0);
    const other = await nice19(...toCheckpoint(place, '--digits', '200'));
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(other.err).toContain('--digits does not fit');
    writeFileSync(join(place, FINDS_FILE), '');
    const torn = await nice19(...toCheckpoint(place));
    expect(torn.code).toBe(1);
    expect(torn.err).toContain('copy both again');
  });
});

describe('nice19 pool', () => {
  const pool = ['--digits', '120', '--jobs', '2', '--count', '5', '--seed', '5'];
  const poolSeed = '5'.padStart(64, '0');

  /** HTCondor's programs as far as they are needed here: it takes everything, and has nothing in its queue. */
  async function withCondor(...args: string[]): Promise<Ended> {
    const programs = at('condor');
    mkdirSync(programs, { recursive: true });
    const scripts = {
      condor_submit: 'echo "2 job(s) submitted to cluster 1."',
      condor_q: 'true',
      condor_evicted_files: 'true',
    };
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return start(args, { PATH: [programs, process.env['PATH'] ?? ''].join(delimiter) }).ended;
  }

  it('--dry-run prints the description, and makes nothing', async () => {
    const before = readdirSync(directory);
    const { code, out } = await nice19('pool', 'submit', ...pool, '--dry-run', '--folder', at('dry'));
    expect(code).toBe(0);
    expect(out).toMatch(/^checkpoint_exit_code {4}= 85$/m);
    expect(out).toContain(`  1 ${jobSeed(poolSeed, 1)}\n`);
    expect(readdirSync(directory)).toEqual(before);
  });

  it.skipIf(process.platform === 'win32')(
    'without HTCondor says in one sentence what to install, and makes nothing',
    async () => {
      const nowhere = { PATH: at('nothing-there') };
      const { code, out, err } = await start(['pool', 'submit', ...pool, '--folder', at('not-made')], nowhere).ended;
      expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 1, out: '', lines: 1 });
      expect(err).toContain('minihtcondor');
      expect(readdirSync(directory)).not.toContain('not-made');
    },
  );

  it.skipIf(process.platform !== 'linux')('submits, and collects what the jobs have found, once', async () => {
    const folder = at('pool');
    const submitted = await withCondor('pool', 'submit', ...pool, '--folder', folder);
    expect(submitted).toMatchObject({ code: 0, out: `2 jobs are in the queue: ${folder}\n` });
    // Both files are there from the beginning; one of the jobs runs.
    const own = [0, 1].map((job) => join(folder, 'jobs', String(job)));
    for (const place of own) expect(readdirSync(place).sort()).toEqual([FINDS_FILE, STATE_FILE]);
    const search = ['--digits', '120', '--count', '5', '--seed', jobSeed(poolSeed, 0)];
    expect((await nice19(...toCheckpoint(own[0] as string, ...search))).code).toBe(0);
    const collect = async () => {
      const { code, out } = await withCondor('pool', 'collect', folder, '--data', at('all'), '--json');
      return { code, ...JSON.parse(out) };
    };
    expect(await collect()).toMatchObject({ code: 0, jobs: 1, empty: 1, primes: 5, added: 5, refused: [] });
    expect(await collect()).toMatchObject({ code: 0, jobs: 1, empty: 1, primes: 5, added: 0, refused: [] });
    expect(await primes(at('all'))).toHaveLength(5);
    const status = JSON.parse((await withCondor('pool', 'status', folder, '--json')).out);
    expect(status).toMatchObject({ problem: null, totals: { primes: 5 } });
  });

  it.skipIf(process.platform !== 'linux')(
    'leaves a job out that claims what is no prime, and takes the others',
    async () => {
      const folder = at('false');
      await withCondor('pool', 'submit', ...pool, '--folder', folder);
      for (const job of [0, 1]) {
        const search = ['--digits', '120', '--count', '2', '--seed', jobSeed(poolSeed, job)];
        await nice19(...toCheckpoint(join(folder, 'jobs', String(job)), ...search));
      }
      // The finds of one with the state of the other.
      cpSync(join(folder, 'jobs/0', FINDS_FILE), join(folder, 'jobs/1', FINDS_FILE));
      const { out } = await withCondor('pool', 'collect', folder, '--data', at('some'), '--json');
      expect(JSON.parse(out)).toMatchObject({
        jobs: 1,
        added: 2,
        refused: [expect.stringContaining('copy both again')],
      });
    },
  );
});

describe('the bundle', () => {
  it('is the whole program in one file: cruncher, worker and terminal', async () => {
    mkdirSync(at('one-file'));
    cpSync(join(ROOT, BUNDLE), at('one-file', 'nice19.mjs'));
    const { code, out } = await startFile(
      at('one-file', 'nice19.mjs'),
      'search',
      '--digits',
      '100',
      '--count',
      '2',
      '--data',
      at('of-one-file'),
    );
    expect(code).toBe(0);
    expect(out.match(/probable prime/g)).toHaveLength(2);
    expect(readdirSync(at('one-file'))).toEqual(['nice19.mjs']);
    const web = await startFile(at('one-file', 'nice19.mjs'), 'search', '--web');
    expect(web).toMatchObject({ code: 1, err: expect.stringContaining('without --web') });
  });
});

/** A program that is one file, to its end. */
async function startFile(file: string, ...args: string[]): Promise<Pick<Ended, 'code' | 'out' | 'err'>> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], (error, out, err) => {
      resolve({ code: error === null ? 0 : (error.code as number), out, err });
    });
  });
}
