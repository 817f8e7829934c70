/** The short form of `npm run fuzz`: nothing crashes, hangs or grows, and every refusal is a sentence. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LARGEST_GROWTH_MB, runCampaign } from './campaign.ts';
import { fuzzInChild } from './children.ts';
import { refused, sentenceProblem, TAKEN, type Target } from './target.ts';
import type { TargetName } from './targets.ts';

const CASES: Record<TargetName, number> = {
  'checkpoint-file': 2000,
  'checkpoint-content': 100,
  import: 40,
  store: 60,
  numbers: 1500,
  'command-line': 2000,
};

test.each(Object.entries(CASES) as [TargetName, number][])('%s', async (target, cases) => {
  const findings = await fuzzInChild(target, cases, 19);
  expect(findings.failure).toBeNull();
  expect(findings.cases).toBe(cases);
  // Both ways are gone.
  expect(findings.taken).toBeGreaterThan(cases / 200);
  expect(findings.refused).toBeGreaterThan(cases / 20);
  expect(findings.grownMb).toBeLessThan(LARGEST_GROWTH_MB);
});

describe('a campaign finds', () => {
  const target = (run: Target<number>['run']): Target<number> => ({ name: 'faulty', cases: fc.nat(1000), run });
  const failureOf = async (run: Target<number>['run']) =>
    (await runCampaign(target(run) as Target, { cases: 300, seed: 1 })).failure;

  test('an exception, and the smallest input that makes it', async () => {
    const failure = await failureOf((n) => {
      if (n >= 700) throw new TypeError('too far');
      return TAKEN;
    });
    expect(failure).toMatch(/^700\n[\s\S]*TypeError: too far/);
  });

  test('a refusal that is no sentence', async () => {
    expect(await failureOf((n) => refused(n > 900 ? 'no' : 'This is too large.'))).toContain('full stop');
  });
});

test.each([
  ['', 'empty'],
  ['Something is wrong', 'full stop'],
  [`${'long '.repeat(120)}.`, 'characters'],
  ['TypeError: x is undefined.', 'stack trace'],
  ['It failed.\n    at Store.open.', 'stack trace'],
  ['It holds \u001b[31m.', 'control characters'],
])('%j is no good refusal', (sentence, problem) => {
  expect(sentenceProblem(sentence)).toContain(problem);
});
