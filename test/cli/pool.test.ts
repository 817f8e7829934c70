/** `nice19 pool` and `search --exit-on-checkpoint` in the terminal: what they take, when a start is over, and what is said. */

import { describe, expect, it } from 'vitest';
import { collectLines } from '../../main/cli/pool/collect.ts';
import type { JobNow } from '../../main/cli/pool/folder.ts';
import { statusLines, totalsOf } from '../../main/cli/pool/status.ts';
import { Due } from '../../main/cli/search-to-checkpoint.ts';
import type { CruncherEvent } from '../../main/contract/messages.ts';
import { problem, read } from '../support/command-line.ts';
import { POOL_PLAN } from '../support/pool-plan.ts';

describe('the command line', () => {
  it('a search for a pool is kept in two files where it is started, with one worker', () => {
    expect(read('search --exit-on-checkpoint 85 --digits 500')).toMatchObject({
      exit: { code: 85, every: 3600 },
      job: { directory: '.', workers: 1, count: 250_000, inJobFiles: true },
    });
    expect(read('search --exit-on-checkpoint 85 --every 0.5 --workers 3 --data d')).toMatchObject({
      exit: { every: 0.5 },
      job: { directory: 'd', workers: 3 },
    });
    expect(read('search --digits 500')).toMatchObject({ exit: null, job: { workers: null } });
  });

  it('pool submit', () => {
    expect(read('pool submit --digits 10_000 --jobs 100')).toEqual({
      command: 'pool submit',
      dryRun: false,
      pool: {
        digits: 10_000,
        jobs: 100,
        count: null,
        errorLog2: null,
        every: 3600,
        seed: null,
        node: null,
        folder: null,
      },
    });
    expect(read('pool submit --again 7,3,7 --folder f --dry-run')).toEqual({
      command: 'pool submit again',
      folder: 'f',
      jobs: [7, 3],
      dryRun: true,
    });
  });

  it('pool status and collect', () => {
    expect(read('pool status f --json')).toEqual({ command: 'pool status', folder: 'f', json: true });
    expect(read('pool collect f --data d')).toEqual({
      command: 'pool collect',
      folder: 'f',
      directory: 'd',
      json: false,
    });
  });

  it.each([
    ['search --exit-on-checkpoint 0', '10'],
    ['search --exit-on-checkpoint 130', '125'],
    ['search --every 5', '--exit-on-checkpoint'],
    ['search --exit-on-checkpoint 85 --restart f', '--restart'],
    ['search --exit-on-checkpoint 85 --every 0', '--every'],
    ['search --exit-on-checkpoint 85 --count 250001', '250,000'],
    ['search --web --exit-on-checkpoint 85', '--exit-on-checkpoint'],
    ['pool', 'submit'],
    ['pool start', 'submit'],
    ['pool submit --jobs 3', 'how large'],
    ['pool submit --digits 99 --jobs 3', '100'],
    ['pool submit --digits 1000 --jobs 0', '--jobs'],
    ['pool submit --digits 1000 --jobs 100001', '100,000'],
    ['pool submit --digits 1000 --jobs 3 --json', '--json'],
    ['pool submit --digits 1000 --jobs 3 --node a"b', '--node'],
    ['pool submit more --digits 1000 --jobs 3', 'more'],
    ['pool submit --again 1', '--folder'],
    ['pool submit --again x --folder f', 'x'],
    ['pool submit --again 1 --folder f --digits 500', '--digits'],
    ['pool status', 'FOLDER'],
    ['pool status a b', 'FOLDER'],
    ['pool status a --data d', '--data'],
    ['pool collect', 'FOLDER'],
  ])('%s is refused in one sentence', (line, mentions) => {
    const sentence = problem(line);
    expect(sentence).toContain(mentions);
    expect(sentence).toMatch(/^[A-Z"-].*[.]$/s);
  });
});

describe('a start is over', () => {
  const checkpoint = (cpuSeconds: number): CruncherEvent => ({
    type: 'checkpoint',
    reason: 'timer',
    at: '',
    cpuSeconds,
  });
  const started = (cpuSeconds: number) => ({ type: 'started', cpuSeconds }) as CruncherEvent;

  it('when it has had its CPU time, counted from where it began; once', () => {
    const due = new Due(10);
    const heard = [checkpoint(50), started(100), checkpoint(109.9), checkpoint(110), checkpoint(200)];
    expect(heard.map((event) => due.hears(event))).toEqual([false, false, false, true, false]);
    expect(due.isOver).toBe(true);
  });

  it('also over a cruncher that crashed and went on from an earlier checkpoint', () => {
    const due = new Due(10);
    const heard = [started(100), checkpoint(105), started(104), checkpoint(109), checkpoint(111)];
    expect(heard.map((event) => due.hears(event))).toEqual([false, false, false, false, true]);
  });
});

const plan = POOL_PLAN;

function job(number: number, state: JobNow['state'], primes: number): JobNow {
  const history = { job: number, name: `7.${number}`, starts: 2, checkpoints: 3, evictions: 1, failures: 0 };
  const finds = { bytes: 0, sha256: '' };
  return {
    job: number,
    state,
    host: state === 'running' ? 'slot1@far' : null,
    holdReason: state === 'held' ? 'it has failed 10 times' : null,
    history: { ...history, disconnections: 0, state: 'runs' },
    progress: { primes, cpuSeconds: 100, savedAt: '', finds },
    folder: 'f',
  };
}

describe('what is said', () => {
  const jobs = [job(0, 'running', 4), job(1, 'held', 0), job(2, 'running', 1)];

  it('status adds up, and lists the jobs of a small pool', () => {
    expect(totalsOf(jobs)).toEqual({
      states: { running: 2, held: 1 },
      starts: 6,
      checkpoints: 9,
      evictions: 3,
      failures: 0,
      primes: 5,
      cpuSeconds: 300,
    });
    const lines = statusLines(plan, jobs);
    expect(lines.slice(0, 4)).toEqual([
      'Pool        0123abcd: 3 jobs, primes of 10,000 digits',
      'Jobs        2 running, 1 held',
      'So far      6 starts, 9 checkpoints here, 3 evictions, 0 failures',
      'Checkpoints 5 primes, 5 min of CPU time, one each 1 min of it',
    ]);
    expect(lines.filter((line) => line.includes('slot1@far'))).toHaveLength(2);
  });

  it('of a large pool only those that need somebody', () => {
    const many = Array.from({ length: 500 }, (_, k) => job(k, k === 77 ? 'held' : 'running', 0));
    const listed = statusLines({ ...plan, jobs: 500 }, many).slice(5);
    expect(listed).toHaveLength(2);
    expect(listed[1]).toMatch(/^77 .*it has failed 10 times$/);
  });

  it('collect says what was new, and which jobs were left out and why', () => {
    const report = { jobs: 2, empty: 1, refused: ['The state is damaged.'], primes: 9, added: 4 };
    expect(collectLines('here', report)).toEqual([
      '2 jobs have 9 primes; in here 4 new, each tested again; 1 job has nothing yet.',
      'Left out: The state is damaged.',
    ]);
    expect(collectLines('here', { ...report, empty: 0, refused: [], added: 0 })).toEqual([
      '2 jobs have 9 primes; in here nothing of it is new.',
    ]);
  });
});
