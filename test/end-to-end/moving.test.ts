/** A search moves house in the middle of a test, by its checkpoint file. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nice19, start } from '../support/nice19.ts';

let directory: string;
const at = (name: string) => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-moving-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Shown {
  readonly tests: readonly {
    readonly block: number;
    readonly offset: number;
    readonly stage: string;
    readonly bit: number;
  }[];
}

async function exported(data: string, file: string): Promise<Shown> {
  expect((await nice19('checkpoint', 'export', file, '--data', data)).code).toBe(0);
  return JSON.parse((await nice19('checkpoint', 'show', file, '--json')).out) as Shown;
}

it('goes on inside the test that was running, at 10,000 digits, with another kernel', async () => {
  const running = start([
    'search',
    '--digits',
    '10000',
    '--seed',
    '45',
    '--workers',
    '1',
    '--data',
    at('old'),
    '--json',
  ]);
  // The first report in which a test has come some way.
  for (let far = false; !far; ) {
    const progress = (await running.event('progress')) as { workers: { stage: string; fraction: number }[] };
    far = progress.workers.some(({ stage, fraction }) => stage === 'screen' && fraction > 0.01 && fraction < 0.9);
  }
  running.process.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  const before = await exported(at('old'), at('checkpoint'));
  const [test] = before.tests;
  expect(test?.stage).toBe('screen');
  expect(test?.bit).toBeGreaterThan(100);

  const restart = ['search', '--restart', at('checkpoint'), '--data', at('new'), '--workers', '1', '--json'];
  const moved = start([...restart, '--kernel', 'schoolbook']);
  const started = (await moved.event('started')) as {
    resumed: boolean;
    spec: { digits: number };
    kernel: { kernel: string };
  };
  expect(started.kernel.kernel).toBe('schoolbook');
  expect(started.resumed).toBe(true);
  expect(started.spec.digits).toBe(10_000);
  for (let on = false; !on; ) {
    const progress = (await moved.event('progress')) as { workers: { stage: string; offset: number | null }[] };
    on = progress.workers.some(({ stage }) => stage === 'screen');
  }
  moved.process.kill('SIGTERM');
  expect((await moved.ended).code).toBe(0);
  const after = await exported(at('new'), at('later'));
  const same = after.tests.find(({ block, offset }) => block === test?.block && offset === test.offset);
  // The same test, further on; or it is over, and a later candidate is being tested.
  if (same !== undefined) expect(same.bit).toBeGreaterThanOrEqual(test?.bit as number);
  else expect(Math.min(...after.tests.map(({ offset }) => offset))).toBeGreaterThan(test?.offset as number);

  const again = await nice19(...restart);
  expect(again.code).toBe(1);
  expect(again.err).toContain('leave out --restart');
});
