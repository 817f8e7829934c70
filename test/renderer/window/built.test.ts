/** What the window is made of: how much comes first, and nothing that its policy would refuse. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { filesBelow, textOf } from '../../support/files.ts';
import { BUILT_WINDOW, buildWindow } from '../support/chromium.ts';

/** Bytes of JavaScript and CSS, compressed, before anything is seen. */
const BUDGET = 60_000;

let page: string;
beforeAll(async () => {
  await buildWindow();
  page = readFileSync(join(BUILT_WINDOW, 'index.html'), 'utf8');
});

test('what comes first is small', () => {
  const first = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file as string);
  expect(first.length).toBeGreaterThanOrEqual(2);
  const bytes = first.map((file) => gzipSync(readFileSync(join(BUILT_WINDOW, file)), { level: 9 }).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET);
});

test('the page has no script or style in itself, and names nothing elsewhere', () => {
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
  for (const [, inside] of page.matchAll(/<script[^>]*>([^<]*)<\/script>/g)) expect(inside).toBe('');
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});

test('no source makes elements from text', () => {
  const sources = filesBelow().filter((path) => /^renderer\/.*\.tsx?$/.test(path));
  expect(sources.length).toBeGreaterThan(20);
  const makers =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function/;
  expect(sources.filter((path) => makers.test(textOf(path)))).toEqual([]);
});
