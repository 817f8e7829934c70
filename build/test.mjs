#!/usr/bin/env node
/**
 * `npm test`: sets up what is missing, then runs the linter, the type checker and the tests, and ends with the line
 * `N passed, N failed, N skipped`. The linter and the type checker count as one test each.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { endLike, runChild } from './lib/child.mjs';
import { countTests, summaryLine } from './lib/summary.mjs';
import { isMain, ROOT, say, setUp } from './setup.mjs';

/**
 * Runs a package's JavaScript program in the checkout.
 * @param {string} node
 * @param {string} program path inside node_modules
 * @param {readonly string[]} args
 */
async function run(node, program, args) {
  return await runChild(node, [join(ROOT, 'node_modules', program), ...args], { cwd: ROOT });
}

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
 * @param {string} node
 * @param {string} report where vitest is to write its JSON report
 * @param {readonly string[]} args for vitest
 * @returns {Promise<import('./lib/child.mjs').End>} how to end
 */
async function test(node, report, args) {
  say('checking style and common mistakes (biome) …');
  const lint = await run(node, '@biomejs/biome/bin/biome', ['check', '.']);
  if (lint.signal) return lint;
  say('checking types (tsc) …');
  const types = await run(node, 'typescript/bin/tsc', ['--noEmit']);
  if (types.signal) return types;
  say('running the tests (vitest) …');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const tests = await run(node, 'vitest/vitest.mjs', ['run', '-c', 'build/vitest.config.ts', ...reporters, ...args]);
  if (tests.signal) return tests;

  const counts = countTests(readReport(report), tests.code === 0);
  for (const { code } of [lint, types]) code === 0 ? counts.passed++ : counts.failed++;
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
    const node = await setUp();
    if (node) {
      // Programs that tests start find the same Node.
      process.env['PATH'] = [dirname(node), process.env['PATH'] ?? ''].join(delimiter);
      const directory = mkdtempSync(join(tmpdir(), 'nice19-test-'));
      const end = await test(node, join(directory, 'report.json'), args);
      rmSync(directory, { recursive: true, force: true });
      endLike(end);
    }
  }
}
