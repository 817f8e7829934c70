/** A challenge as a user asks for one, with the primes of a search that was stopped long ago. */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';
import { nice19, primes } from '../support/nice19.ts';

it('makes a composite of two primes that were found, keeps its factors back, and tells them when asked', async () => {
  const directory = temporaryDirectory();
  const old = fileURLToPath(new URL('../data/stores/version-2.sqlite', import.meta.url));
  copyFileSync(old, join(directory, 'nice19.sqlite'));
  const shown = await nice19('challenge', '--digits', '80', '--data', directory);
  expect(shown).toMatchObject({ code: 0, err: '' });
  expect(shown.out).toMatch(/^Does any factoring wizard want a (79|80) digit composite\? :-\)\n\n\d{79,80}\n/);
  const revealed = await nice19('challenge', '--reveal', '--json', '--data', directory);
  const { composite, factors } = JSON.parse(revealed.out) as { composite: string; factors: [string, string] };
  expect(factors.map(BigInt).reduce((product, factor) => product * factor)).toBe(BigInt(composite));
  const found = (await primes(directory)).map(({ decimal }) => decimal);
  expect(found.length).toBe(30);
  for (const factor of factors) expect(found).toContain(factor);
  const none = await nice19('challenge', '--digits', '2000', '--data', directory);
  expect(none).toMatchObject({ code: 1, out: '' });
  expect(none.err).toMatch(/^There are no two primes whose product has about 2,000 digits in .*; .*\.\n$/);
});
