/** docs/security.md: every point of Electron's checklist is there, and every test that it names. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Row {
  readonly point: number;
  readonly assertions: readonly { readonly file: string; readonly name: string }[];
}

const rows: Row[] = [...read('docs/security.md').matchAll(/^\| (\d+) \|[^|]*\|[^|]*\|([^|]*)\|$/gm)].map((match) => ({
  point: Number(match[1]),
  assertions: (match[2] ?? '').split(';').flatMap((part) => {
    const file = /`([^`]+)`/.exec(part)?.[1] ?? '';
    return [...part.matchAll(/"([^"]+)"/g)].map((name) => ({ file, name: name[1] ?? '' }));
  }),
}));

describe('docs/security.md', () => {
  test('has the 20 points of Electron’s checklist, in its order', () => {
    expect(rows.map(({ point }) => point)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  test.each(rows)('names tests that are there for point $point', ({ assertions }) => {
    expect(assertions.length).toBeGreaterThan(0);
    for (const { file, name } of assertions)
      expect([file, name, read(file).includes(`'${name}'`)]).toEqual([file, name, true]);
  });
});

test('Electron is one exact version, the one whose types the app is checked against', () => {
  const wanted = JSON.parse(read('package.json')).devDependencies.electron as string;
  expect(wanted).toMatch(/^\d+\.\d+\.\d+$/);
  expect(Number(wanted.split('.')[0])).toBeGreaterThanOrEqual(45);
  expect(JSON.parse(read('node_modules/electron/package.json')).version).toBe(wanted);
  expect(read('node_modules/electron/electron.d.ts')).toContain(`Type definitions for Electron ${wanted}`);
});
