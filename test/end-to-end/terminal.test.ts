/** Everything else that the terminal promises: verdicts, errors, signals, and that nothing is left running. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composites, readTable } from '../data/read.ts';
import { childrenOf, gone, nice19, primes, start } from '../support/nice19.ts';

let directory: string;
const at = (name: string) => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-terminal-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const json = async (...args: string[]) => {
  const ended = await nice19(...args, '--json');
  expect(ended.code, ended.err).toBe(0);
  return JSON.parse(ended.out);
};

describe('nice19 test', () => {
  it('says composite with a witness, and probable prime with its bound', async () => {
    expect(await json('test', '10^999+7')).toMatchObject({
      verdict: 'probable prime',
      rounds: 40,
      worstCaseLog2: -80,
      averageCaseLog2: null,
      witness: null,
    });
    expect(await json('test', '2^1279-1', '--error', '2^-40', '--thorough')).toMatchObject({
      verdict: 'probable prime',
      rounds: 20,
      worstCaseLog2: -40,
      thorough: 'probable prime',
    });
    expect(await json('test', '3*2^2816+1')).toMatchObject({ verdict: 'probable prime', digits: 849 });
    expect(await json('test', '2^61-1')).toMatchObject({ verdict: 'prime', rounds: 0, worstCaseLog2: null });
    expect(await json('test', '37#+1')).toMatchObject({ verdict: 'composite', witness: '181', divisor: true });
  });

  it('gives a witness that anyone can check', async () => {
    const n = 2n ** 521n + 1n + 2n ** 300n;
    const { verdict, witness, divisor } = await json('test', `0x${n.toString(16)}`);
    expect(verdict).toBe('composite');
    if (divisor) expect(n % BigInt(witness)).toBe(0n);
    else expect(passesStrong(n, BigInt(witness))).toBe(false);
  });

  it('is not fooled by what fools other tests', async () => {
    const arnault = composites().filter(({ n }) => n > 1n << 1000n);
    expect(arnault.length).toBeGreaterThan(0);
    for (const { n } of arnault.slice(0, 3))
      expect(await json('test', String(n))).toMatchObject({ verdict: 'composite' });
  });

  it('reads a number from a file', async () => {
    const [large] = readTable('primes.json').entries.filter(({ digits }) => digits >= 1000);
    writeFileSync(at('number'), `${large?.expression}\n`);
    expect(await json('test', `@${at('number')}`)).toMatchObject({ verdict: 'probable prime' });
  });

  it.each([
    ['1', 'from 2 on'],
    ['9^9^9', 'too large'],
    ['2^', 'position'],
    ['1/2', 'position'],
    ['1e9!', 'position'],
  ])('%s is refused in one sentence', async (number, mentions) => {
    const ended = await nice19('test', number);
    expect(ended.code).toBe(1);
    expect(ended.out).toBe('');
    expect(ended.err.trim().split('\n')).toHaveLength(1);
    expect(ended.err).toContain(mentions);
  });
});

describe('what is wrong', () => {
  it('is one sentence on stderr, and changes nothing', async () => {
    const place = at('untouched');
    for (const args of [
      ['search', '--digits', '5'],
      ['search', '--error', '1'],
      ['search', '--seed', 'x'],
      ['frobnicate'],
    ]) {
      const ended = await nice19(...args, ...(args.length > 1 ? ['--data', place] : []));
      expect(ended.code, args.join(' ')).toBe(2);
      expect(ended.out).toBe('');
      expect(ended.err.trim().split('\n')).toHaveLength(1);
    }
    writeFileSync(at('foreign'), 'not a checkpoint\n');
    for (const args of [
      ['search', '--restart', at('foreign'), '--data', at('restart')],
      ['search', '--restart', at('missing'), '--data', at('restart')],
      ['checkpoint', 'show', at('foreign')],
      ['checkpoint', 'export', at('out'), '--data', place],
      ['search', '--data', at('foreign')],
      ['test', `@${at('missing')}`],
    ]) {
      const ended = await nice19(...args);
      expect([1, 2], args.join(' ')).toContain(ended.code);
      expect(ended.err.trim().split('\n'), ended.err).toHaveLength(1);
    }
    expect(readdirSync(directory)).not.toContain('untouched');
    expect(readdirSync(directory)).not.toContain('out');
    expect(readFileSync(at('foreign'), 'utf8')).toBe('not a checkpoint\n');
  });

  it('an empty directory has no primes and no search', async () => {
    expect(await json('primes', '--data', at('nothing'))).toEqual([]);
    expect(await json('status', '--data', at('nothing'))).toMatchObject({ search: null, primes: 0, running: null });
    expect((await nice19('primes', '--csv', '--data', at('nothing'))).out).toMatch(/^foundAt,digits,/);
  });
});

describe('signals', () => {
  it('refuses a second search of the same directory, and lets everybody read', async () => {
    const place = at('shared');
    const first = start(['search', '--digits', '60', '--data', place, '--json']);
    await first.event('started');
    await first.event('prime');
    const second = await nice19('search', '--digits', '60', '--data', place);
    expect(second.code).toBe(1);
    expect(second.err).toContain('Another nice19');
    expect((await json('status', '--data', place)).running.pid).toBeGreaterThan(1);
    expect((await primes(place)).length).toBeGreaterThan(0);
    first.process.kill('SIGINT');
    // Ctrl-C is the proper end of a search without --count.
    expect((await first.ended).code).toBe(0);
    expect((await json('status', '--data', place)).running).toBeNull();
  });

  it('ends with 143 when SIGTERM comes before the count is reached, with everything saved', async () => {
    const running = start(['search', '--digits', '80', '--count', '1000000', '--data', at('term'), '--json']);
    await running.event('prime');
    running.process.kill('SIGTERM');
    const { code, out } = await running.ended;
    expect(code).toBe(143);
    const told = out.split('\n').filter((line) => line.startsWith('{"event":"prime"')).length;
    expect(await primes(at('term'))).toHaveLength(told);
  });

  it.runIf(process.platform === 'linux')('leaves nothing running when the parent is killed, and saves', async () => {
    const place = at('orphan');
    const running = start(['search', '--digits', '300', '--data', place, '--json']);
    await running.event('started');
    await running.event('progress');
    const crunchers = childrenOf(running.process.pid as number);
    expect(crunchers).toHaveLength(1);
    running.process.kill('SIGKILL');
    await running.ended;
    // The lock is free when the cruncher has saved and gone: the next search gets it.
    const next = start(['search', '--digits', '300', '--data', place, '--json']);
    const { cpuSeconds, resumed } = (await next.event('started')) as { cpuSeconds: number; resumed: boolean };
    expect(resumed).toBe(true);
    expect(cpuSeconds).toBeGreaterThan(0);
    await gone(crunchers[0] as number);
    next.process.kill('SIGTERM');
    await next.ended;
  });

  it.runIf(process.platform === 'linux')('starts a killed cruncher again, from its last checkpoint', async () => {
    const running = start(['search', '--digits', '100', '--data', at('crash'), '--json']);
    await running.event('prime');
    process.kill(childrenOf(running.process.pid as number)[0] as number, 'SIGKILL');
    await running.event('restarting');
    const { resumed, found } = (await running.event('started')) as { resumed: boolean; found: number };
    expect(resumed).toBe(true);
    expect(found).toBeGreaterThan(0);
    await running.event('prime');
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});

describe.runIf(process.platform === 'linux')('priority', () => {
  it('every thread of the search runs at nice 19, in a session and an autogroup of its own', async () => {
    const running = start(['search', '--digits', '500', '--data', at('nice'), '--json']);
    await running.event('started');
    await running.event('progress');
    const [cruncher] = childrenOf(running.process.pid as number) as [number];
    const threads = readdirSync(`/proc/${cruncher}/task`);
    expect(threads.length).toBeGreaterThan(2);
    for (const thread of threads) expect(statField(`/proc/${cruncher}/task/${thread}/stat`, 19)).toBe(19);
    expect(statField(`/proc/${cruncher}/stat`, 6)).toBe(cruncher);
    const autogroup = readIfThere(`/proc/${cruncher}/autogroup`);
    if (autogroup !== null && autogroup !== '') expect(autogroup).toMatch(/nice 19\s*$/);
    running.process.kill('SIGTERM');
    await running.ended;
    const { priority } = await json('status', '--data', at('nice'));
    expect(priority.threads.atLowest).toBe(priority.threads.count);
  });
});

/** proc(5): fields counted from 1; the second, the name, may hold spaces and parentheses. */
function statField(file: string, field: number): number {
  const text = readFileSync(file, 'utf8');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[field - 3]);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function passesStrong(n: bigint, base: bigint): boolean {
  let d = n - 1n;
  let s = 0;
  while (d % 2n === 0n) {
    d /= 2n;
    s++;
  }
  let x = 1n;
  for (const bit of d.toString(2)) x = bit === '1' ? (x * x * base) % n : (x * x) % n;
  if (x === 1n || x === n - 1n) return true;
  for (let r = 1; r < s; r++) {
    x = (x * x) % n;
    if (x === n - 1n) return true;
  }
  return false;
}
