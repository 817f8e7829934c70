/** `npm start` where no desktop app can run: says so in one sentence, and searches, with a window for whoever wants to look. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from '../support/files.ts';
import { primes } from '../support/nice19.ts';

const directory = mkdtempSync(join(tmpdir(), 'nice19-npm-start-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL'); // those of a test that failed
  rmSync(directory, { recursive: true, force: true });
});

/** What it prints until a pattern is in it, and then, until it has ended. */
async function start(args: readonly string[], until: RegExp, end: NodeJS.Signals) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'build/start.mjs'), '--data', directory, ...args], {
    cwd: directory,
    env: { ...env, SSH_CONNECTION: 'a machine at the other end' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const before = until.test(output);
      output += text;
      if (!before && until.test(output)) child.kill(end);
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
}

test('it finds a prime without anybody answering a question, shows where the window is, and keeps what it found', async () => {
  const { code, output } = await start(['--digits', '30'], /\d…\d+ +probable prime, 30 digits, error/, 'SIGINT');
  const sentences = output.split('\n').filter((line) => line.startsWith('nice19: no desktop app: '));
  expect(sentences).toEqual([
    'nice19: no desktop app: there is no display here. The search runs in this terminal, with its window in the browser.',
  ]);
  expect(output).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
  expect(code, output).toBe(0);
  expect((await primes(directory)).length).toBeGreaterThan(0);
});

test('words that the window has no place for are for the search alone', async () => {
  const { code, output } = await start(['--digits', '60', '--count', '1', '--json'], /never/, 'SIGTERM');
  expect(output).toContain('The search runs in this terminal.');
  expect(output).not.toContain('127.0.0.1');
  expect(code, output).toBe(0);
});
