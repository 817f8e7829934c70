/** What the kernel itself says about a process that lowered its priority, read from outside it. */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterEach, describe, expect, test } from 'vitest';
import { type LinuxPriorityReport, PriorityReportSchema } from '../../main/contract/priority.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) {
    // a detached child leads a process group: the stranger in its session goes with it
    if (child.spawnargs.includes('beside-a-stranger')) process.kill(-(child.pid as number), 'SIGKILL');
    else child.kill('SIGKILL');
  }
});

function linuxReport(message: unknown): LinuxPriorityReport {
  const report = v.parse(PriorityReportSchema, message);
  if (report.platform !== 'linux') throw new Error(`expected a report from Linux, got ${report.platform}`);
  return report;
}

const PARENT = new URL('../support/own-session-parent.ts', import.meta.url);

/** Starts it as a leader of a session, or in this one. */
async function startedFrom(file: URL, detached: boolean, args: string[]) {
  const options = { detached, execArgv: [] } as Parameters<typeof fork>[2];
  const child = fork(file, args, options);
  children.push(child);
  const [message] = await once(child, 'message');
  return { pid: child.pid as number, report: linuxReport(message) };
}

const lowered = (detached: boolean, ...args: string[]) =>
  startedFrom(new URL('../support/priority-child.ts', import.meta.url), detached, args);

/** As the desktop app does it: the one that lowers its priority is a descendant of the one that `pid` names. */
const loweredByApp = (detached: boolean, ...args: string[]) => startedFrom(PARENT, detached, args);

/** proc_pid_stat(5): field 19 is nice; the name in field 2 ends at the last parenthesis. */
function nices(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

const autogroup = (pid: number | 'self'): string =>
  readFileSync(`/proc/${pid}/autogroup`, 'utf8').replace(/^\S+ /, '').trim();

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('every thread is at nice 19, those of the engine and the workers too', async () => {
    const { pid, report } = await lowered(true);
    const found = nices(pid);
    expect(found.length).toBeGreaterThanOrEqual(3 + 2);
    expect(new Set(found)).toEqual(new Set([19]));
    expect(report.threads).toMatchObject({ minimumNice: 19, maximumNice: 19, atLowest: report.threads.count });
  });
});

describe.runIf(existsSync('/proc/self/autogroup'))('on a Linux with autogroups', () => {
  test('a session of its own has its autogroup at 19, and the report says what the kernel says', async () => {
    const { pid, report } = await lowered(true);
    expect(report.autogroup?.ownSession).toBe(true);
    expect(report.autogroup?.obstacle).toBeNull();
    expect(autogroup(pid)).toBe(`nice ${report.autogroup?.nice}`);
    expect(autogroup(pid)).toBe(report.autogroup?.enabled ? 'nice 19' : 'nice 0');
  });

  test('a process that was told to end gets the usual share of a session, its threads stay at 19', async () => {
    const { pid } = await lowered(true);
    const [child] = children;
    child?.send('end');
    expect(await once(child as ChildProcess, 'message')).toEqual(['hurried', undefined]);
    expect(autogroup(pid)).toBe('nice 0');
    expect(new Set(nices(pid))).toEqual(new Set([19]));
  });

  test('the session of whoever started it is left alone', async () => {
    const before = autogroup('self');
    const { pid, report } = await lowered(false);
    // a session begun before autogroups were switched on, as in some containers, is in none: its file is empty
    if (before === '') expect(report.autogroup).toBeNull();
    else expect(report.autogroup).toMatchObject({ ownSession: false, obstacle: 'not-session-leader' });
    expect(autogroup(pid)).toBe(before);
    expect(autogroup('self')).toBe(before);
    expect(new Set(nices(pid))).toEqual(new Set([19]));
  });

  test('a session with a process that is not its own is left alone, and the sentence says why', async () => {
    const { pid, report } = await lowered(true, 'beside-a-stranger');
    expect(report.autogroup).toMatchObject({ ownSession: true, obstacle: 'foreign-process' });
    expect(autogroup(pid)).toBe('nice 0');
    if (report.autogroup?.enabled && report.cpuGroup === null) {
      expect(report.enough).toBe(false);
      expect(report.sentence).toContain('other programs share its session');
    }
  });

  describe('started by an app that leads the session of both', () => {
    test('the session has its autogroup at 19 while the threads of the app keep their nice value', async () => {
      const { pid, report } = await loweredByApp(true);
      expect(report.autogroup).toMatchObject({ ownSession: true, obstacle: null });
      expect(autogroup(pid)).toBe(report.autogroup?.enabled ? 'nice 19' : 'nice 0');
      expect(new Set(nices(pid))).toEqual(new Set([os.getPriority()]));
      expect(report.threads.minimumNice).toBe(19);
    });

    test('it is given back for the end', async () => {
      const { pid } = await loweredByApp(true);
      const [child] = children;
      child?.send('end');
      expect(await once(child as ChildProcess, 'message')).toEqual(['hurried', undefined]);
      expect(autogroup(pid)).toBe('nice 0');
    });

    test('a session that somebody else is in too is left alone', async () => {
      const { pid, report } = await loweredByApp(true, 'beside-a-stranger');
      expect(report.autogroup).toMatchObject({ ownSession: true, obstacle: 'foreign-process' });
      expect(autogroup(pid)).toBe('nice 0');
    });

    test('a session that the app does not lead is left alone', async () => {
      const before = autogroup('self');
      const { report } = await loweredByApp(false);
      if (before === '') expect(report.autogroup).toBeNull();
      else expect(report.autogroup).toMatchObject({ ownSession: false, obstacle: 'not-session-leader' });
      expect(autogroup('self')).toBe(before);
    });

    test.runIf(existsSync('/usr/bin/script'))('a session with a terminal is left alone', async () => {
      const command = `exec '${process.execPath}' '${fileURLToPath(PARENT)}'`;
      const terminal = spawn('script', ['-q', '-e', '-c', command, '/dev/null'], {
        env: { ...process.env, SHELL: '/bin/sh' },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.push(terminal);
      const [line] = await once(createInterface({ input: terminal.stdout }), 'line');
      const { leader, report } = JSON.parse(line) as { leader: number; report: unknown };
      expect(linuxReport(report).autogroup).toMatchObject({ ownSession: true, obstacle: 'terminal' });
      expect(autogroup(leader)).toBe('nice 0');
    });
  });
});
