#!/usr/bin/env node
/**
 * `npm test`: sets up what is missing, then runs the linter, the type checker and the tests, and ends with the line
 * `N passed, N failed, N skipped`. The linter and the type checker count as one test each.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { CHECKS, runCheck } from './lib/checks.mjs';
import { endLike, runChild } from './lib/child.mjs';
import { countTests, readSummary, summaryLine } from './lib/summary.mjs';
import { isMain, ROOT, say, setUpPackaging } from './setup.mjs';

/**
 * @param {string} file
 * @returns {import('./lib/summary.mjs').Report | undefined} undefined if vitest ended before it wrote one
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Runs the checks and tests, and says how many passed.
 * @param {string} node
 * @param {readonly string[]} args for vitest
 * @param {readonly import('./lib/checks.mjs').Check[]} checks
 * @returns {Promise<import('./lib/child.mjs').End>} how to end
 */
export async function test(node, args, checks) {
  // Programs that tests start find the same Node.
  process.env['PATH'] = [dirname(node), process.env['PATH'] ?? ''].join(delimiter);
  const directory = mkdtempSync(join(tmpdir(), 'nice19-test-'));
  try {
    return await testWith(node, join(directory, 'report.json'), args, checks);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * @param {string} node
 * @param {string} report where vitest is to write its JSON report
 * @param {readonly string[]} args
 * @param {readonly import('./lib/checks.mjs').Check[]} checks
 * @returns {Promise<import('./lib/child.mjs').End>}
 */
async function testWith(node, report, args, checks) {
  let passed = 0;
  for (const check of checks) {
    say(`checking ${check.name} …`);
    const end = await runCheck(node, ROOT, check);
    if (end.signal) return end;
    if (end.code === 0) passed++;
  }
  say('running the tests (vitest) …');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '-c', 'build/vitest.config.ts'];
  const tests = await runChild(node, [...vitest, ...reporters, ...args], { cwd: ROOT });
  if (tests.signal) return tests;

  const counts = countTests(readReport(report), tests.code === 0);
  // Of what continuous integration ran before (.ci/run): the last line is about all of it.
  const before = readSummary(process.env['NICE19_TESTED_BEFORE']);
  counts.passed += passed + before.passed;
  counts.failed += checks.length - passed + before.failed;
  counts.skipped += before.skipped;
  process.stdout.write(`${summaryLine(counts)}\n`);
  return { code: counts.failed === 0 ? 0 : 1, signal: null };
}

if (isMain(import.meta.url)) {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`Usage: npm test [-- VITEST ARGUMENTS]

Sets up what is missing, then checks style (biome), types (tsc) and runs the tests (vitest).
  npm test                      everything
  npm test -- test/kernel       only the tests in that folder
  npm test -- -t carry          only tests whose name contains "carry"
`);
  } else {
    const node = await setUpPackaging();
    if (node) endLike(await test(node, args, CHECKS));
  }
}
