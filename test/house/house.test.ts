/** What every file of the checkout must keep to, whoever writes it. */

import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesBelow, ROOT, textOf } from '../support/files.ts';

type Manifest = {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
} & {
  readonly [kind in 'dependencies' | 'devDependencies' | 'optionalDependencies']?: Readonly<Record<string, string>>;
};

const manifest = JSON.parse(textOf('package.json')) as Manifest;
const texts = filesBelow().filter((path) => !/\.(png|ico|icns|woff2?|wasm|db|sqlite|gz|br)$/.test(path));
const packagesOf = (file: string) => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(textOf(file)) as Manifest;
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
};
const packages = packagesOf('package.json');
/** What makes packages is set up apart, when it is wanted. */
const FOLDERS = ['', 'build/package/'];

/** The lines of all files that match, as `file:line: text`. */
function linesThatMatch(pattern: RegExp): string[] {
  return texts.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 160)}`] : [])),
  );
}

/** A path below one of these folders exists on one machine only. (In brackets, so that this file does not match.) */
const MACHINE_PATH = /(?<![\w.~@\]}-])\/(?:[h]ome|[U]sers|[r]oot|[w]ork|[t]mp|[o]pt|[m]nt)\/\w|\b[A-Z]:\\\\?[U]sers/;

describe('the files', () => {
  test('name no path of one machine', () => {
    expect(linesThatMatch(MACHINE_PATH)).toEqual([]);
  });

  test.each(['"/ho@me/ann/x"', 'file:///Us@ers/ann', ' /t@mp/abc', "'/wo@rk/main'", 'C:\\Us@ers\\ann', 'at=/ro@ot/x'])(
    '%s would be found',
    (text) => {
      expect(text.replace('@', '')).toMatch(MACHINE_PATH);
    },
  );

  test.each(['main/work/x.ts', './tmp/x', '../root/x', '/proc/self/stat', '/usr/bin/env'])(
    '%s is no path of one machine',
    (text) => {
      expect(text).not.toMatch(MACHINE_PATH);
    },
  );

  test('name no package registry, and the lockfiles leave it to the user’s npm', () => {
    expect(linesThatMatch(/https?:\/\/[\w.-]*(?:[r]egistry\.|[a]rtifactory|[n]exus|[v]erdaccio)/)).toEqual([]);
    for (const folder of FOLDERS) expect(textOf(`${folder}package-lock.json`), folder).not.toContain('"resolved"');
  });

  test('end their lines as .gitattributes says', () => {
    expect(texts.filter((path) => textOf(path).includes('\r'))).toEqual([]);
  });
});

describe('package.json', () => {
  test.each(FOLDERS)('%spackage.json pins every package exactly, as the lockfile has it', (folder) => {
    const lockfile = textOf(`${folder}package-lock.json`);
    const locked = (JSON.parse(lockfile) as { packages: Record<string, { version?: string }> }).packages;
    const pinned = packagesOf(`${folder}package.json`);
    expect(pinned.length).toBeGreaterThan(0);
    for (const [name, version] of pinned) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(locked[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  test('asks for a Node that the type declarations and the packaged Nodes have', () => {
    const major = /^>=(\d+)\.\d+$/.exec(manifest.engines.node)?.[1];
    const nodes = packages.filter(([name]) => name === '@types/node' || name.startsWith('node-'));
    expect(nodes.length).toBe(4);
    for (const [name, version] of nodes) expect(version.split('.')[0], name).toBe(major);
  });

  test('has no package that docs/dependencies.md does not explain, and that explains none that is gone', () => {
    const explained = [
      ...textOf('docs/dependencies.md').matchAll(/^\| `([^`]+)`(?:, `([^`]+)`)*(?:, `([^`]+)`)* \|/gm),
    ];
    const names = explained.flatMap(([row]) => [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
    const all = FOLDERS.flatMap((folder) => packagesOf(`${folder}package.json`)).map(([name]) => name);
    expect(names.sort()).toEqual(all.sort());
  });

  test('has the scripts that the README promises, and every script’s and command’s file exists', () => {
    expect(Object.keys(manifest.scripts)).toEqual(
      expect.arrayContaining(['setup', 'start', 'test', 'bench', 'lint', 'format']),
    );
    const files = Object.values(manifest.scripts).flatMap((script) =>
      [...script.matchAll(/\bnode (\S+)(?: ([\w/.-]+))?/g)].flatMap((match) => match.slice(1).filter(Boolean)),
    );
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of [...files, ...Object.values(manifest.bin)])
      expect(existsSync(`${ROOT}/${file}`), file).toBe(true);
  });
});

test.skipIf(process.platform === 'win32').each(['.ci/run', 'build/nice19.mjs'])('%s can be run', (path) => {
  expect(statSync(`${ROOT}/${path}`).mode & 0o111).toBe(0o111);
  expect(textOf(path)).toMatch(/^#!\/usr\/bin\/env (bash|node)\n/);
});

test('every relative link of the documents leads somewhere', () => {
  const dead: string[] = [];
  let links = 0;
  for (const path of texts.filter((file) => file.endsWith('.md'))) {
    const prose = textOf(path).replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
    for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(?:[a-z]+:|#)/.test(target!)) continue;
      links++;
      const file = posix.join(posix.dirname(path), decodeURIComponent(target!.replace(/#.*/, '')));
      if (!existsSync(`${ROOT}/${file}`)) dead.push(`${path}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
  expect(links).toBeGreaterThan(0);
});
