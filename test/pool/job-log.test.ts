/** HTCondor's log, from a real pool (23.9.6): what happened to each job. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJobLog } from '../../main/pool/job-log.ts';

const REAL = readFileSync(new URL('../data/pool-log.txt', import.meta.url), 'utf8');

const HEAD = '(007.000.000) 2026-11-27 02:00:00';
const SUBMITTED = `000 ${HEAD} Job submitted from host: <here>\n    job 3\n...\n`;
const EXECUTING = `001 ${HEAD} Job executing on host: <there>\n...\n`;
const ARRIVED = `040 ${HEAD} Started transferring output files\n...\n040 ${HEAD} Finished transferring output files\n...\n`;
const only = (log: string) => {
  const [job, ...more] = readJobLog(log);
  expect(more).toEqual([]);
  return job;
};

describe('the log of a job that was evicted, killed, and lost its computer', () => {
  it('counts each, and ends done', () => {
    // As counted by hand: four "executing"; three "evicted", of which one is a job that was killed; seven arrivals of files, of
    // which one is what the killed job left, and the last is the end's.
    expect(only(REAL)).toEqual({
      job: 0,
      name: '3.0',
      starts: 4,
      checkpoints: 5,
      evictions: 2,
      failures: 1,
      disconnections: 0,
      state: 'done',
    });
  });

  it('can be read at any moment: every beginning of it has no more of anything', () => {
    let before = { starts: 0, checkpoints: 0, evictions: 0, failures: 0 };
    for (let end = 0; end <= REAL.length; end += 97) {
      const [now] = readJobLog(REAL.slice(0, end));
      if (now === undefined) continue;
      for (const what of ['starts', 'evictions', 'failures'] as const) {
        expect(now[what]).toBeGreaterThanOrEqual(before[what]);
      }
      before = now;
    }
    expect(before.starts).toBeGreaterThan(0);
  });
});

describe('what becomes of a job', () => {
  it.each([
    ['waits', SUBMITTED],
    ['runs', SUBMITTED + EXECUTING],
    ['held', `${SUBMITTED + EXECUTING}012 ${HEAD} Job was held.\n\tno such file\n...\n`],
    ['waits', `${SUBMITTED}012 ${HEAD} Job was held.\n...\n013 ${HEAD} Job was released.\n...\n`],
    ['removed', `${SUBMITTED + EXECUTING}009 ${HEAD} Job was aborted.\n...\n`],
    ['done', `${SUBMITTED + EXECUTING}005 ${HEAD} Job terminated.\n\t(1) Normal termination (return value 0)\n...\n`],
    ['waits', `${SUBMITTED + EXECUTING}005 ${HEAD} Job terminated.\n\t(0) Abnormal termination (signal 9)\n...\n`],
  ])('%s', (state, log) => {
    expect(only(log)?.state).toBe(state);
  });

  it('files that arrive are a checkpoint, but for those of its end', () => {
    expect(only(SUBMITTED + EXECUTING + ARRIVED)?.checkpoints).toBe(1);
    expect(only(SUBMITTED + EXECUTING + ARRIVED + ARRIVED)?.checkpoints).toBe(2);
    const end = `005 ${HEAD} Job terminated.\n\t(1) Normal termination (return value 0)\n...\n`;
    expect(only(SUBMITTED + EXECUTING + ARRIVED + ARRIVED + end)?.checkpoints).toBe(1);
  });

  it('submitted again it has another name, and what it went through stays', () => {
    const again = SUBMITTED.replace('(007.000.000)', '(009.000.000)');
    expect(only(SUBMITTED + EXECUTING + ARRIVED + again)).toMatchObject({
      job: 3,
      name: '9.0',
      starts: 1,
      checkpoints: 1,
      state: 'waits',
    });
  });
});

it('what is no log has no jobs', () => {
  for (const text of ['', '...\n...\n', 'nonsense', `001 ${HEAD} Job executing\n...\n`, SUBMITTED.slice(0, -4)])
    expect(readJobLog(text)).toEqual([]);
});
