/** The window's page and what it may do: points 1, 7 and 18 of Electron's checklist (docs/security.md). */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOurs, PAGE, PRIVILEGES, pageHandler } from '../../main/app/page.ts';
import { temporaryDirectory } from '../support/directory.ts';

function builtWindow(): string {
  const outside = temporaryDirectory();
  writeFileSync(join(outside, 'secret.json'), '{"not": "for the page"}');
  const folder = join(outside, 'window');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'main.js'), 'export {}');
  return folder;
}

const get = (url: string, init?: RequestInit) => pageHandler(builtWindow())({ method: 'GET', ...init, url } as Request);

const segment = fc.constantFrom(
  '..',
  '.',
  '',
  '%2e%2e',
  'assets',
  'main.js',
  'index.html',
  'window',
  'secret.json',
  '..%2f',
  '\\',
  '%00',
  'a b',
);

describe('an address is ours', () => {
  test.each([PAGE, 'nice19://app/', 'nice19://app/assets/a.js?x#y'])('%s', (url) => {
    expect(isOurs(url)).toBe(true);
  });

  test.each([
    'https://app/index.html',
    'file:///index.html',
    'nice19://app.example/index.html',
    'nice19://example/app',
    'nice19://user@app/',
    'nice19:app/index.html',
    'nice19x://app/',
    'about:blank',
    '',
  ])('and %j is not', (url) => {
    expect(isOurs(url)).toBe(false);
  });
});

describe('the page', () => {
  test('is served with its policy: its own files and nothing else', async () => {
    for (const url of [PAGE, 'nice19://app/', 'nice19://app/assets/main.js', 'nice19://app/nothing.js']) {
      const policy = (await get(url)).headers.get('content-security-policy') ?? '';
      expect(policy.split('; ')).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy).not.toMatch(/unsafe|https?:|\*|blob:/);
    }
    const page = await get(PAGE);
    expect([page.status, await page.text(), page.headers.get('content-type')]).toEqual([
      200,
      '<!doctype html>',
      'text/html; charset=utf-8',
    ]);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    'nice19://app/../secret.json',
    'nice19://app/%2e%2e/secret.json',
    'nice19://app/assets/..%2f..%2fsecret.json',
    'nice19://app/assets/..\\..\\secret.json',
    'nice19://app/%2e%2e%2fsecret.json',
    'nice19://app//etc/passwd',
    'nice19://app/index.html%00.js',
    'nice19://app/assets/',
    'nice19://app/constructor',
  ])('no path leads out of its folder: %s', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  test('whatever is asked for, only what was built is given', async () => {
    const handler = pageHandler(builtWindow());
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 5 }), async (path) => {
        const url = `nice19://app/${path.join('/')}`;
        const built = ['/', '/index.html', '/assets/main.js'].includes(new URL(url).pathname);
        expect((await handler({ method: 'GET', url } as Request)).ok).toBe(built);
      }),
      { numRuns: 50 },
    );
  });

  test('is only read, and by its own address', async () => {
    expect((await get(PAGE, { method: 'POST' })).status).toBe(403);
    expect((await get('nice19://example/index.html')).status).toBe(403);
  });

  test('its scheme is secure with an origin of its own, and nothing more', () => {
    expect(PRIVILEGES).toEqual({ scheme: 'nice19', privileges: { standard: true, secure: true } });
  });
});
