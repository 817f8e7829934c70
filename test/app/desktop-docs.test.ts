import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DOCS, upToDate } from './desktop-docs.ts';

test('docs/desktop.md shows the tray in every state, and the settings, as the program has them', () => {
  const text = readFileSync(DOCS, 'utf8');
  expect(text).toBe(upToDate(text));
});
