/** The self-test as a user runs it. */

import { expect, it } from 'vitest';
import type { SelfTestReport } from '../../main/contract/selftest.ts';
import { nice19, start } from '../support/nice19.ts';

it('finds nothing on a sound computer, and says so', async () => {
  const { code, out } = await nice19('selftest', '--minutes', '0', '--workers', '2', '--json');
  const report = JSON.parse(out) as SelfTestReport & { faults: unknown[] };
  expect(report).toMatchObject({ complete: true, errors: 0, faults: [] });
  expect(report.threads).toHaveLength(2);
  for (const { tests } of report.threads) expect(tests).toBeGreaterThan(80);
  expect(report.kernels.map(({ kernel }) => kernel)).toEqual(['fft', 'schoolbook', 'bigint']);
  expect(code).toBe(0);
});

it('ends on Ctrl-C with what it has seen', async () => {
  const running = start(['selftest', '--minutes', '60', '--workers', '1']);
  // What it says first comes when its threads are there.
  await new Promise((resolve) => running.process.stderr?.once('data', resolve));
  running.process.kill('SIGINT');
  const { code, out } = await running.ended;
  expect(out).toMatch(/No errors in \d+ tests?, .*, ended early\.\n$/);
  expect(code).toBe(130);
});
