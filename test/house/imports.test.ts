/** The rooms import one another one way only, and the checker that says so sees every form of import. */

import { expect, test } from 'vitest';
import { filesBelow, textOf } from '../support/files.ts';
import { importsOf, violations } from '../support/imports.ts';

type Manifest = { readonly dependencies: Readonly<Record<string, string>> };

const PACKAGES = Object.keys((JSON.parse(textOf('package.json')) as Manifest).dependencies);

const check = (files: Record<string, string>): string[] => violations(new Map(Object.entries(files)), ['valibot']);

test('no file of the rooms breaks the rule', () => {
  const sources = filesBelow().filter((path) => /^(?:main|renderer)\/.*\.[cm]?[jt]sx?$/.test(path));
  expect(sources.length).toBeGreaterThan(0);
  expect(violations(new Map(sources.map((path) => [path, textOf(path)])), PACKAGES)).toEqual([]);
});

test.each([
  ["import { a } from './a.ts';", ['./a.ts']],
  ["import a, { type B, c as d } from './a.ts'", ['./a.ts']],
  ["import type { B } from './a.ts';", ['./a.ts']],
  ["import * as a from './a.ts';", ['./a.ts']],
  ["import './a.ts';", ['./a.ts']],
  ["import{a}from'./a.ts'", ['./a.ts']],
  ["import {\n  a, // from './b.ts'\n} from './a.ts';", ['./a.ts']],
  ["import { from } from './a.ts';", ['./a.ts']],
  ["import data from './a.json' with { type: 'json' };", ['./a.json']],
  ["export * from './a.ts';", ['./a.ts']],
  ["export * as a from './a.ts';", ['./a.ts']],
  ["export { a as b } from './a.ts';", ['./a.ts']],
  ["export type { A } from './a.ts';", ['./a.ts']],
  ["const a = await import('./a.ts');", ['./a.ts']],
  ["let a: import('./a.ts').A;", ['./a.ts']],
  ["const a = require('./a.cjs');", ['./a.cjs']],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a source with a template in it
  ["const t = `x${await import('./a.ts')}y`;", ['./a.ts']],
  ["const r = /'/; import('./a.ts'); const q = /'/;", ['./a.ts']],
  ["const half = a / 2; import('./a.ts'); const b = c / 2;", ['./a.ts']],
])('%s imports %s', (source, specifiers) => {
  expect(importsOf(source)).toEqual({ specifiers, computed: 0 });
});

test.each([
  "// import './a.ts'",
  "/* import './a.ts' */",
  'const text = "import \'./a.ts\'";',
  "const text = `import './a.ts'`;",
  "new Worker(new URL('./a.ts', import.meta.url));",
  "export { a };\nconst from = './a.ts';",
  "export const from = './a.ts';",
  "export default './a.ts';",
  "object.import('./a.ts');",
  "const o = { import: './a.ts' };",
])('%s imports nothing', (source) => {
  expect(importsOf(source)).toEqual({ specifiers: [], computed: 0 });
});

test('an import() whose name is computed is found', () => {
  expect(importsOf('import(name)').computed).toBe(1);
  expect(importsOf("import('./a' + b)").computed).toBe(1);
  expect(importsOf('import(`./a.ts`)').computed).toBe(1);
  expect(check({ 'main/search/a.ts': 'import(name)' })).toHaveLength(1);
});

test.each([
  ['main/kernel/a.ts', '../contract/b.ts'],
  ['main/contract/a.ts', '../kernel/b.ts'],
  ['main/search/a.ts', '../cruncher/b.ts'],
  ['main/cruncher/a.ts', '../kernel/b.ts'],
  ['main/supervisor/a.ts', '../cruncher/b.ts'],
  ['main/cli/a.ts', '../search/b.ts'],
  ['main/app/a.ts', '../cli/b.ts'],
  ['renderer/a.ts', '../main/app/b.ts'],
  ['main/search/a.ts', '../../test/support/files.ts'],
  ['main/search/a.ts', '../../build/setup.mjs'],
  ['main/search/a.ts', '../../package.json'],
  ['main/cli/deep/a.ts', '../../cruncher/b.ts'],
])('%s must not import %s', (file, specifier) => {
  for (const source of [
    `import { b } from '${specifier}';`,
    `import type { B } from '${specifier}';`,
    `export * from '${specifier}';`,
  ]) {
    expect(check({ [file]: source })).toHaveLength(1);
  }
});

test.each([
  ['main/search/a.ts', '../kernel/b.ts'],
  ['main/search/a.ts', '../contract/b.ts'],
  ['main/cruncher/a.ts', '../search/b.ts'],
  ['main/app/a.ts', '../supervisor/b.ts'],
  ['main/cli/a.ts', '../supervisor/b.ts'],
  ['renderer/a.ts', '../main/contract/b.ts'],
  ['main/kernel/fft/a.ts', '../field.ts'],
  ['main/kernel/a.ts', 'node:crypto'],
  ['main/contract/a.ts', 'valibot'],
  ['main/app/a.ts', 'electron'],
  ['main/contract/a.ts', '../../package.json'],
])('%s may import %s', (file, specifier) => {
  expect(check({ [file]: `import { b } from '${specifier}';` })).toEqual([]);
});

test('only main/app imports electron, and no other package is imported that is not a dependency', () => {
  expect(check({ 'main/cli/a.ts': "import { app } from 'electron';" })).toHaveLength(1);
  expect(check({ 'main/cli/a.ts': "import { app } from 'electron/main';" })).toHaveLength(1);
  expect(check({ 'main/cli/a.ts': "import pico from 'picocolors';" })).toHaveLength(1);
  expect(check({ 'main/cli/a.ts': "import { x } from '@scope/name/deep';" })).toHaveLength(1);
});

test('a file outside the rooms is found', () => {
  expect(check({ 'main/stray.ts': '' })).toEqual(['main/stray.ts is in no room']);
});

test('a cycle between files is found', () => {
  const files = {
    'main/search/a.ts': "import './b.ts';",
    'main/search/b.ts': "import './c.ts'; import './d.ts';",
    'main/search/c.ts': '',
    'main/search/d.ts': "import './a.ts';",
  };
  expect(check(files)).toEqual([
    'imports go round: main/search/a.ts → main/search/b.ts → main/search/d.ts → main/search/a.ts',
  ]);
  expect(check({ ...files, 'main/search/d.ts': "import './c.ts';" })).toEqual([]);
});
