/** The measurement of manners (build/manners): what it makes of its figures, and what it sees of processes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { idleCost, idleRows } from '../../build/manners/idle-cost.ts';
import { type Costs, framesAt, quantile, slowdown } from '../../build/manners/pairs.ts';
import { familyOf, priorityOf } from '../../build/manners/processes.ts';

/** A hundred frames a run, of which so many are late by a tick. */
const frames = (late: number): number[] => Array.from({ length: 100 }, (_, k) => (k < late ? 8 : 4));
const costs = (pairs: readonly (readonly [without: number, beside: number])[]): Costs => ({
  kept: [],
  taken: [],
  frames: pairs.map(([without, beside]) => ({ without: frames(without), with: frames(beside) })),
});

describe('how much later the slowest frames are', () => {
  test('is read at a quantile of all frames', () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    const measured = costs([
      [0, 0],
      [0, 3],
    ]);
    expect(framesAt(measured, 'with', 0.99)).toBe(8);
    expect(framesAt(measured, 'with', 0.9)).toBe(4);
    expect(slowdown(measured, 0.99).value).toBe(2);
    expect(slowdown(measured, 0.5)).toEqual({ value: 1, low: 1, high: 1 });
  });

  test('is uncertain where it hangs on single runs, and not where all agree', () => {
    const agreed = costs([
      [0, 5],
      [0, 5],
      [0, 5],
    ]);
    expect(slowdown(agreed, 0.99)).toEqual({ value: 2, low: 2, high: 2 });
    const alone = costs([
      [0, 9],
      [0, 0],
      [0, 0],
    ]);
    const { value, low, high } = slowdown(alone, 0.99);
    expect([value, low, high]).toEqual([2, 1, 2]);
  });
});

describe.runIf(process.platform === 'linux')('of processes', () => {
  function started(code: string): ChildProcess {
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  test('it sees what one costs with all that it started', async () => {
    const spin = 'process.stdout.write("x"); for (;;);';
    const child = started(
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(spin)}], { stdio: 'inherit' })
       setInterval(() => {}, 1e9); process.on('exit', () => {});`,
    );
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    const family = familyOf(child.pid as number);
    expect(family.length).toBe(2);
    onTestFinished(() => {
      for (const pid of family) if (pid !== child.pid) process.kill(pid, 'SIGKILL');
    });
    const cost = await idleCost(child.pid as number, 0.3);
    expect(cost.processes.map(({ pid }) => pid).sort()).toEqual(family.sort());
    expect(cost.percent).toBeGreaterThan(0);
    const [busiest] = cost.processes.toSorted((a, b) => b.percent - a.percent);
    expect(busiest?.pid).not.toBe(child.pid);
    expect(idleRows(cost)).toContain('| together |');
  });

  test('one that ends meanwhile is not passed over', async () => {
    const child = started('process.stdout.write("x"); setTimeout(() => {}, 100);');
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    await expect(idleCost(child.pid as number, 1)).rejects.toThrow(`process ${child.pid} ended meanwhile`);
  });

  test('it says what the scheduler is told of one', () => {
    expect(priorityOf(process.pid)).toMatch(new RegExp(`^nice .*\\b${os.getPriority()}\\b.*, autogroup `));
  });
});
