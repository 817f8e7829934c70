import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pageFiles } from '../../../main/host/page/files.ts';
import { PAGE_HEADERS } from '../../../main/host/page/headers.ts';
import { temporaryDirectory } from '../../support/directory.ts';

test('the page’s files are those of its folder, by their address, of the kinds that a page is made of', () => {
  const folder = temporaryDirectory();
  mkdirSync(join(folder, 'assets'));
  for (const file of ['index.html', 'assets/main.js', 'assets/main.css', 'assets/main.js.map', 'notes.txt'])
    writeFileSync(join(folder, file), '');
  const outside = join(temporaryDirectory(), 'outside.js');
  writeFileSync(outside, '');
  symlinkSync(outside, join(folder, 'link.js'));
  const files = pageFiles(folder);
  expect([...files.keys()].sort()).toEqual(['/', '/assets/main.css', '/assets/main.js', '/index.html']);
  expect(files.get('/')).toEqual({ path: join(folder, 'index.html'), type: 'text/html; charset=utf-8' });
});

test('a window that was not built is an error that says where it should be', () => {
  const folder = join(temporaryDirectory(), 'renderer');
  expect(() => pageFiles(folder)).toThrow(folder);
});

test('the policy lets the page have its own files and nothing else, and no feature that it does not use', () => {
  const { 'Content-Security-Policy': policy, 'Permissions-Policy': features } = PAGE_HEADERS;
  expect(policy).toMatch(/^default-src 'none'/);
  for (const source of policy?.split('; ') ?? []) expect(source).toMatch(/^[a-z-]+ ('none'|'self'( data:)?)$/);
  for (const feature of ['camera', 'microphone', 'geolocation', 'usb']) expect(features).toContain(`${feature}=()`);
});
