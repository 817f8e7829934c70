/** The one page that the app may open in the user's browser. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { homepage } from '../../build/package/identity.ts';
import { trayMenu } from '../../main/app/tray/menu.ts';
import { releasesPage } from '../../main/app/updates.ts';
import { TRAY_STATES } from './tray-states.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nice19-updates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pageOf = (text: string): string | null => {
  writeFileSync(join(folder, 'package.json'), text);
  return releasesPage(folder);
};
const from = (address: unknown): string | null => pageOf(JSON.stringify({ name: 'nice19', homepage: address }));

describe('the page with newer versions', () => {
  test('is that of the sources which the public CI built the package from', () => {
    const built = homepage({ GITHUB_SERVER_URL: 'https://example.org', GITHUB_REPOSITORY: 'ann/nice19' });
    expect(from(built)).toBe('https://example.org/ann/nice19/releases');
    expect(from('https://example.org/ann/nice19/')).toBe('https://example.org/ann/nice19/releases');
  });

  test('is none in a package that was built at home, and in a checkout', () => {
    expect(from(homepage({}))).toBeNull();
    expect(from(undefined)).toBeNull();
    expect(releasesPage(join(folder, 'nowhere'))).toBeNull();
  });

  test.each([
    'http://example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://server/share',
    'nice19',
    7,
    null,
  ])('is never %s', (address) => {
    expect(from(address)).toBeNull();
  });

  test('is none where the file is damaged', () => {
    expect(pageOf('{"homepage":')).toBeNull();
    expect(pageOf('null')).toBeNull();
  });
});

test('the tray offers it only where there is one', () => {
  const state = TRAY_STATES['running'] as Parameters<typeof trayMenu>[0];
  const offered = (releases: boolean) =>
    trayMenu({ ...state, releases }).filter((item) => item.type === 'action' && item.action.do === 'updates').length;
  expect([offered(true), offered(false)]).toEqual([1, 0]);
});
