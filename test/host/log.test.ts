import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogFile, oneLine } from '../../main/host/log.ts';
import { temporaryDirectory } from '../support/directory.ts';

const at = () => Date.parse('2026-11-26T20:00:00Z');

test('an entry is one line with its time', () => {
  const directory = join(temporaryDirectory(), 'logs');
  const log = new LogFile(directory, undefined, at);
  log.write('one\ntwo\u2028three');
  log.write('next');
  expect(readFileSync(log.file, 'utf8')).toBe(
    '2026-11-26T20:00:00.000Z one two three\n2026-11-26T20:00:00.000Z next\n',
  );
});

test('a prime is named by its ends and size, however it is written into a sentence', () => {
  const prime = `7${'123456789'.repeat(300)}1`;
  const line = oneLine(`found ${prime}.`);
  expect(line).toBe('found 712345678912…567891234567891 (2702 digits).'.replace('567891234567891', prime.slice(-12)));
});

const character = fc.constantFrom('1', '7', 'a', ' ', '\n', '\r', '\u0000', '\u001b', '\u0085', '\u2028', 'é', '😀');

test('whatever is logged, an entry stays one short line', () => {
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (piece, times) => {
      const line = oneLine(piece.repeat(times));
      expect(line.length).toBeLessThanOrEqual(2001);
      expect(line).not.toMatch(/[\n\r\u2028\u2029\u0085]|\d{60}/);
    }),
    { numRuns: 30 },
  );
});

test('files move up when one is full, and the oldest goes', () => {
  const directory = temporaryDirectory();
  const log = new LogFile(directory, { bytes: 200, files: 3 }, at);
  for (let n = 0; n < 40; n++) log.write(`entry ${String(n).padStart(2, '0')}`);
  const files = readdirSync(directory).sort();
  expect(files).toEqual(['nice19.1.log', 'nice19.2.log', 'nice19.log']);
  for (const file of files) expect(statSync(join(directory, file)).size).toBeLessThanOrEqual(200);
  const entries = ['nice19.2.log', 'nice19.1.log', 'nice19.log']
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').trimEnd().split('\n'))
    .map((line) => Number(line.slice(-2)));
  expect(entries.at(-1)).toBe(39);
  expect(entries).toEqual(entries.map((_, i) => 39 - entries.length + 1 + i));
});

test('a start goes on with the file that is there', () => {
  const directory = temporaryDirectory();
  new LogFile(directory, { bytes: 100, files: 2 }, at).write('of the first start');
  new LogFile(directory, { bytes: 100, files: 2 }, at).write('of the second start, which is full with the first');
  expect(readFileSync(join(directory, 'nice19.1.log'), 'utf8')).toContain('of the first start');
});

test('a folder that is taken away or cannot be made costs lines, nothing else', () => {
  const directory = join(temporaryDirectory(), 'logs');
  const log = new LogFile(directory, undefined, at);
  log.write('one');
  rmSync(directory, { recursive: true });
  writeFileSync(directory, 'in the way');
  log.write('lost');
  rmSync(directory);
  log.write('three');
  expect(readFileSync(log.file, 'utf8')).toContain('three');
});
