/** What is packed: on a stub of Electron, which shows the packaging, not that it runs on Electron. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBundle } from '../../build/lib/bundle.mjs';
import { configuration } from '../../build/package/config.ts';
import { LARGEST_BYTES, type PackedFile, problemsIn } from '../../build/package/contents.ts';
import { type Finding, inspect, started, tableOf } from '../../build/package/findings.ts';
import { APP_ID, homepage } from '../../build/package/identity.ts';
import { fusesOf } from '../../build/package/inspect.ts';
import { packOnStub, type Unpacked } from '../../build/package/pack.ts';
import { makeStubElectron } from '../../build/package/stub-electron.ts';
import { sums } from '../../build/package/sums.ts';
import { APP_ID as APP_ID_OF_THE_APP } from '../../main/app/app-id.ts';
import { ROOT, textOf } from '../support/files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nice19-package-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.skipIf(process.platform !== 'linux')('the package for Linux', () => {
  let unpacked: Unpacked;
  let findings: readonly Finding[];
  beforeAll(async () => {
    expect(await ensureBundle(process.execPath, ROOT)).toBeUndefined();
    unpacked = await packOnStub(ROOT, scratch);
    findings = await inspect(unpacked);
  });

  test('is as it should be', () => {
    expect(findings.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(findings.filter(({ what }) => what.startsWith('fuse ')).length).toBe(8);
    expect(tableOf(findings)).toMatch(/^ok {2}app\.asar/);
  });

  test('starts from what was packed, as far as its tray, and ends when told to (on the stand-in)', async () => {
    const finding = await started(join(unpacked.folder, 'resources'), join(scratch, 'start'));
    expect(finding).toMatchObject({ problems: [] });
  });

  test('has fuses that are seen to be wrong where nobody flipped them', async () => {
    const stub = join(scratch, 'untouched');
    makeStubElectron(stub, '45.0.0');
    const wrong = (await fusesOf(join(stub, 'electron'))).filter(({ is, wanted }) => is !== wanted);
    expect(wrong.map(({ name }) => name)).toEqual(['EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar']);
  });
});

describe('an archive', () => {
  const manifest = { main: 'out/app/main.js', type: 'module' };
  const file = (path: string, content: string | Uint8Array = '', unpacked = path.startsWith('out/cruncher/')) => ({
    path,
    unpacked,
    content: Buffer.from(content),
  });
  const good: readonly PackedFile[] = [
    file('package.json', JSON.stringify(manifest)),
    ...['LICENSE', 'out/app/main.js', 'out/app/preload.cjs', 'out/cruncher/main.js', 'out/cruncher/worker.js'].map(
      (path) => file(path),
    ),
    file('out/renderer/index.html', '<!doctype html><script type="module" src="./a.js"></script>'),
    file('out/icons/app.png'),
  ];
  const without = (path: string) => good.filter((one) => one.path !== path);
  const at = '/ho@me/ann'.replace('@', '');

  test('that has all it needs and nothing else is right', () => {
    expect(problemsIn(good)).toEqual([]);
  });

  test.each<[string, readonly PackedFile[]]>([
    ['out/app/preload.cjs is missing', without('out/app/preload.cjs')],
    ['test/a.test.js belongs to development', [...good, file('test/a.test.js')]],
    ['node_modules/x/index.js is not expected', [...good, file('node_modules/x/index.js')]],
    ['out/app/main.js.map is a source map', [...good, file('out/app/main.js.map')]],
    ['names a source map', [...good, file('out/app/a.js', '//# sourceMappingURL=a.js.map')]],
    ['main/app/main.ts is a source', [...good, file('main/app/main.ts')]],
    ['names a path of one machine', [...good, file('out/app/a.js', `const at = '${at}/nice19';`)]],
    ['out/app/a.js lies outside of the archive', [...good, file('out/app/a.js', '', true)]],
    ['out/cruncher/a.js lies in the archive', [...good, file('out/cruncher/a.js', '', false)]],
    ['bytes, more than', [...good, file('out/app/a.bin', Buffer.alloc(LARGEST_BYTES + 1))]],
    ['a script or a style inside', [...good, file('out/renderer/a.html', '<script>alert(1)</script>')]],
    ['a script or a style inside', [...good, file('out/renderer/a.html', '<p style="color: red">')]],
    [
      'package.json has devDependencies',
      [...without('package.json'), file('package.json', JSON.stringify({ ...manifest, devDependencies: { a: '1' } }))],
    ],
    ['does not name out/app/main.js', [...without('package.json'), file('package.json', '{"type":"module"}')]],
  ])('of which "%s" is found out', (sentence, files) => {
    expect(problemsIn(files).join('\n')).toContain(sentence);
  });
});

describe('the configuration', () => {
  const config = configuration({});

  test('sends nothing anywhere and looks for no updates', () => {
    expect(config.publish).toBeNull();
    expect(config.nsis).toMatchObject({ differentialPackage: false });
    expect(config.dmg).toMatchObject({ writeUpdateInfo: false });
  });

  test('names packages by version, system and architecture alone', () => {
    expect(config.artifactName?.replaceAll(/\$\{(\w+)\}/g, '<$1>')).toBe('nice19-<version>-<os>-<arch>.<ext>');
  });

  test('makes every package for both architectures', () => {
    const targets = [config.linux, config.win, config.mac].flatMap(
      (system) => system?.target as { target: string; arch: string[] }[],
    );
    expect(targets.map(({ target }) => target)).toEqual(['AppImage', 'deb', 'nsis', 'dmg']);
    for (const { arch } of targets) expect(arch).toEqual(['x64', 'arm64']);
  });

  test('puts the app into the menu bar of macOS and not into its Dock, and keeps the primes when Windows removes it', () => {
    expect(config.mac?.extendInfo).toEqual({ LSUIElement: true });
    expect(config.nsis).toMatchObject({ deleteAppDataOnUninstall: false, perMachine: false });
  });

  test('signs with a certificate where there is one, and says nobody where there is none', () => {
    expect(config.mac).toMatchObject({ identity: '-', hardenedRuntime: false });
    expect(configuration({ CSC_LINK: 'certificate' }).mac).not.toHaveProperty('identity');
    expect(configuration({ CSC_LINK: 'certificate' }).mac).toMatchObject({ hardenedRuntime: true });
  });

  test('knows the app by the same name everywhere', () => {
    expect(config.appId).toBe(APP_ID);
    expect(APP_ID_OF_THE_APP).toBe(APP_ID);
    expect(textOf(`build/package/linux/${APP_ID}.metainfo.xml`)).toContain(`<id>${APP_ID}</id>`);
  });

  test('says where the sources are if the CI says it', () => {
    const ci = { GITHUB_SERVER_URL: 'https://example.org', GITHUB_REPOSITORY: 'ann/nice19' };
    expect(homepage(ci)).toBe('https://example.org/ann/nice19');
    expect(homepage({})).toMatch(/^https:\/\/[\w.]+\.invalid\/$/);
  });
});

test('sums are as sha256sum writes them, in an order that does not depend on that of the files', () => {
  const a = { name: 'a.deb', content: Buffer.from('abc') };
  const b = { name: 'b.deb', content: Buffer.from('') };
  // FIPS 180-4, and the hash of nothing
  const list =
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.deb\n' +
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.deb\n';
  expect(sums([a, b])).toBe(list);
  expect(sums([b, a])).toBe(list);
});
