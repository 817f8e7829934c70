/** The bundles in out/: what they are made of, that nothing is missing in them, and that they do what the sources do. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placeAddresses, targetOf } from '../../build/bundle/addresses.ts';
import { fingerprint, isFresh, stamp, takeStampOff } from '../../build/bundle/freshness.ts';
import { PROGRAMS } from '../../build/bundle/programs.ts';
import { ensureBundle } from '../../build/lib/bundle.mjs';
import { ROOT } from '../support/files.ts';
import { importsOf } from '../support/imports.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nice19-bundle-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const filesIn = (root: string): string[] =>
  readdirSync(join(root, 'out'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .sort();

describe('what is bundled', () => {
  beforeAll(async () => expect(await ensureBundle(process.execPath, ROOT)).toBeUndefined());
  const sources = () => filesIn(ROOT).filter((path) => /^out\/(?:app|cruncher)\/.*\.c?js$/.test(path));
  const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

  test('is every program, and the worker threads beside the one that starts them', () => {
    for (const { output } of PROGRAMS) expect(sources()).toContain(output);
    const started = sources().flatMap((path) =>
      [...text(path).matchAll(/new URL\("(.+?)", import\.meta\.url\)/g)].map(([, name]) =>
        posix.join(dirname(path), name!),
      ),
    );
    expect(started).toEqual(expect.arrayContaining(['out/cruncher/worker.js', 'out/cruncher/main.js']));
    for (const path of started) {
      expect(
        filesIn(ROOT).some((file) => file === path || file.startsWith(path)),
        path,
      ).toBe(true);
    }
  });

  test('imports Node’s modules, Electron in the app alone, its own files, and nothing else', () => {
    for (const path of sources().filter((file) => !file.endsWith('.cjs'))) {
      for (const specifier of importsOf(text(path)).specifiers) {
        const isOwn = specifier.startsWith('./') && sources().includes(posix.join(dirname(path), specifier));
        const isNode = specifier.startsWith('node:') && isBuiltin(specifier);
        const isElectron = specifier === 'electron' && path.startsWith('out/app/');
        // ajv has text in it that would be code elsewhere
        const isText = specifier.startsWith('ajv');
        expect(isOwn || isNode || isElectron || isText, `${path}: ${specifier}`).toBe(true);
      }
    }
  });

  test('is for the sandboxed preload one file that asks for Electron alone', () => {
    const preload = text('out/app/preload.cjs');
    expect([...preload.matchAll(/\b(?:require|import)\(\s*["'](.+?)["']/g)].map(([, name]) => name)).toEqual([
      'electron',
    ]);
    expect(preload).not.toMatch(/^\s*(?:import|export)\b/m);
  });

  test('is for the window a page without scripts and styles inside, and files named by their content', () => {
    const page = text('out/renderer/index.html');
    expect(page).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|data:/);
    const named = [...page.matchAll(/(?:src|href)="(.+?)"/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(1);
    for (const name of named) expect(filesIn(ROOT)).toContain(posix.join('out/renderer', name));
    for (const path of filesIn(ROOT).filter((file) => file.startsWith('out/renderer/assets/'))) {
      expect(path).toMatch(/-[\w-]{8}\.(?:js|css|woff2|png|svg)$/);
    }
  });
});

describe('a checkout with the same sources elsewhere', () => {
  test('gives the same bytes, without its place in them', async () => {
    expect(await ensureBundle(process.execPath, ROOT)).toBeUndefined();
    const other = join(scratch, 'elsewhere');
    for (const path of ['main', 'renderer', 'build', 'package.json', 'package-lock.json', 'tsconfig.json']) {
      const except = join('build', 'package', 'node_modules');
      cpSync(join(ROOT, path), join(other, path), { recursive: true, filter: (source) => !source.includes(except) });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(other, 'node_modules'), 'junction');
    expect(fingerprint(other)).toBe(fingerprint(ROOT));
    expect(await ensureBundle(process.execPath, other)).toBeUndefined();
    expect(filesIn(other)).toEqual(filesIn(ROOT));
    for (const path of filesIn(other)) {
      const content = readFileSync(join(other, path));
      expect(content.equals(readFileSync(join(ROOT, path))), path).toBe(true);
      for (const place of [other, ROOT]) expect(content.includes(place), `${path} names ${place}`).toBe(false);
    }
  });
});

describe('out/', () => {
  test('is fresh until a file changes, comes or goes', () => {
    const root = join(scratch, 'fresh');
    for (const folder of ['main', 'renderer', 'out']) mkdirSync(join(root, folder), { recursive: true });
    const file = join(root, 'main/a.ts');
    writeFileSync(file, '1');
    const isUpToDate = () => isFresh(root, fingerprint(root));
    expect(isUpToDate()).toBe(false);
    stamp(root, fingerprint(root));
    expect(isUpToDate()).toBe(true);
    for (const change of [
      () => writeFileSync(file, '2'),
      () => writeFileSync(join(root, 'renderer/b.ts'), ''),
      () => rmSync(file),
      () => takeStampOff(root),
    ]) {
      stamp(root, fingerprint(root));
      change();
      expect(isUpToDate()).toBe(false);
    }
  });
});

describe('an address in a source', () => {
  const at = (address: string): string => `new URL('${address}', import.meta.url)`;
  const placed = (address: string, file = 'main/app/deep/place.ts', folder = 'out/app') => {
    const threads: string[] = [];
    return { text: placeAddresses(at(address), file, folder, ({ source }) => threads.push(source)), threads };
  };

  test.each([
    ['../../cruncher/main.ts', '../cruncher/main.js'],
    ['../../../out/app/preload.cjs', './preload.cjs'],
    ['../preload.ts', './preload.cjs'],
    ['../../../out/renderer/', '../renderer/'],
    ['../../../out/icons/app.png', '../icons/app.png'],
  ])('of %s holds in the bundle as %s', (source, bundled) => {
    expect(placed(source)).toEqual({ text: at(bundled), threads: [] });
  });

  test('of another source is a thread, and becomes a file beside the program', () => {
    const { text, threads } = placed('./worker.ts', 'main/cruncher/threads/pool.ts', 'out/cruncher');
    expect(text).toBe(at('./worker.js'));
    expect(threads).toEqual(['main/cruncher/threads/worker.ts']);
  });

  test('of what will not be in the bundle stops the build', () => {
    expect(() => placed('../../../README.md')).toThrow('main/app/deep/place.ts names ../../../README.md');
    expect(targetOf('build/icons/app/icon.svg', 'out/app')).toEqual({ kind: 'missing' });
    expect(targetOf('test/support/files.ts', 'out/app')).toEqual({ kind: 'missing' });
  });

  test('is found over two lines, and nothing else is touched', () => {
    const source =
      'f(new URL(\n  "../cruncher/main.ts",\n  import.meta.url,\n), new URL(page), new URL(\'./x.ts\', base));';
    expect(placeAddresses(source, 'main/app/a.ts', 'out/app', () => {})).toBe(
      "f(new URL('../cruncher/main.js', import.meta.url), new URL(page), new URL('./x.ts', base));",
    );
  });
});
