/**
 * The app's priority as a desktop gives it (docs/priority.md), in the ways in which people start it. What it computes with is at
 * the lowest; whoever else was there is as before. The kernel is asked, not the app.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { gone } from '../../support/nice19.ts';
import type { AppUnderTest } from './machine.ts';
import { leaveSettings, onEachMachine } from './machines.ts';
import { allProcesses, autogroupOf, nicesOf, sessionOf } from './processes.ts';
import { cruncherOf, statusOf } from './stored.ts';

const hasTerminal = spawnSync('script', ['--version']).error === undefined;

/** As a shell quotes a word. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
const niceOfAutogroup = (pid: number): string => /nice .*/.exec(autogroupOf(pid) ?? '')?.[0] ?? '';
/** Who was there before the app. */
const othersIn = (session: number, app: AppUnderTest): number[] =>
  allProcesses()
    .filter((each) => each.session === session && sessionOf(app.pid) !== session)
    .map(({ pid }) => pid);

onEachMachine(
  'the priority of the app',
  (user) => {
    const started: ChildProcess[] = [];
    afterAll(() => {
      for (const { pid } of started) {
        try {
          process.kill(-(pid as number), 'SIGKILL');
        } catch {
          // It has ended.
        }
      }
    });

    /** A command for a shell that starts the app. */
    async function command(name: string): Promise<{ data: string; line: string }> {
      const data = await user().data(name);
      leaveSettings(data, { digits: 1000 });
      return { data, line: [...user().machine.command, '--data', data, '--hidden'].map(quoted).join(' ') };
    }

    function run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
      const env = { ...process.env, ...environment };
      const child = spawn(program, args, { env, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
      started.push(child);
      return child;
    }

    async function isLowest(app: AppUnderTest, data: string): Promise<void> {
      await app.until('it searches', ({ tooltip }) => tooltip === 'nice19: Searching: 1,000 digits');
      const cruncher = await cruncherOf(data);
      // the threads that are started with the search are lowered as they come
      await expect.poll(() => new Set(nicesOf(cruncher)), { timeout: 30_000 }).toEqual(new Set([19]));
      expect(sessionOf(cruncher)).toBe(app.pid);
      expect(new Set(nicesOf(app.pid))).toEqual(new Set([0]));
      const { priority } = await statusOf(data);
      if (niceOfAutogroup(app.pid) !== '' && priority?.platform === 'linux' && priority.autogroup?.enabled) {
        expect(niceOfAutogroup(app.pid)).toBe('nice 19');
      }
    }

    test('started in a session of its own, it is at the lowest there', async () => {
      const { data, line } = await command('own');
      const app = await user().machine.startedBy((environment) => void run('sh', ['-c', `exec ${line}`], environment));
      expect(sessionOf(app.pid)).toBe(started.at(-1)?.pid);
      await isLowest(app, data);
      await app.kill();
    });

    test('started in a session with other programs, it leaves for one of its own, and they are as before', async () => {
      const { data, line } = await command('shared');
      const app = await user().machine.startedBy(
        (environment) => void run('sh', ['-c', `sleep 1000 & ${line}; wait`], environment),
      );
      const session = started.at(-1)?.pid as number;
      expect(sessionOf(app.pid)).toBe(app.pid);
      await isLowest(app, data);
      const others = othersIn(session, app);
      expect(others.length).toBeGreaterThanOrEqual(2);
      for (const pid of others) {
        expect(new Set(nicesOf(pid))).toEqual(new Set([0]));
        if (niceOfAutogroup(pid) !== '') expect(niceOfAutogroup(pid)).toBe('nice 0');
      }
      await app.kill();
    });

    describe.skipIf(!hasTerminal)(`in a terminal${hasTerminal ? '' : ' (skipped: apt-get install bsdutils)'}`, () => {
      test('it gives the prompt back, and the terminal can be closed', async () => {
        const { data, line } = await command('terminal');
        const prompt = join(user().home, 'prompt');
        // the shell goes on with its next command: the prompt is back
        const shell = `${line}; echo $$ > ${quoted(prompt)}; read -r line`;
        const app = await user().machine.startedBy(
          (environment) => void run('script', ['-qec', `sh -c ${quoted(shell)}`, '/dev/null'], environment),
        );
        await isLowest(app, data);
        await expect.poll(() => existsSync(prompt), { timeout: 30_000 }).toBe(true);
        const terminal = started.at(-1) as ChildProcess;
        const shells = allProcesses().filter(({ parent }) => parent === terminal.pid);
        expect(shells.length).toBeGreaterThan(0);
        for (const { pid } of shells) {
          expect(sessionOf(pid)).not.toBe(sessionOf(app.pid));
          expect(new Set(nicesOf(pid))).toEqual(new Set([0]));
          if (niceOfAutogroup(pid) !== '') expect(niceOfAutogroup(pid)).toBe('nice 0');
        }
        const closed = once(terminal, 'exit');
        terminal.stdin?.write('\n');
        await closed;
        await app.until('it searches on', ({ tooltip }) => tooltip === 'nice19: Searching: 1,000 digits');
        await app.kill();
        await gone(app.pid);
      });
    });
  },
  { linux: true, notOnElectron: 'playwright needs the process that it starts' },
);
