/** The main job, by the program itself: primes come out, the same ones whatever happens to it. */

import { checkPrimeSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, nice19, places, primes, start } from '../support/nice19.ts';

let directory: string;
const data = (name: string) => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-search-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SEARCH = ['search', '--digits', '120', '--seed', '1988', '--error', '2^-40'];

describe('a search from the terminal', () => {
  it('finds 1000-digit primes that OpenSSL agrees on, each with its record', async () => {
    const ended = await nice19('search', '--digits', '1000', '--count', '3', '--data', data('thousand'), '--json');
    expect(ended.code, ended.err).toBe(0);
    const events = ended.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    const found = events.filter(({ event }) => event === 'prime');
    const stored = await primes(data('thousand'));
    expect(found.map(({ event: _, ...record }) => record)).toEqual(stored.toReversed());
    expect(stored).toHaveLength(3);
    for (const { decimal, digits, bases, rounds, worstCaseLog2, averageCaseLog2, lucas, kernels } of stored) {
      expect(checkPrimeSync(BigInt(decimal), { checks: 20 })).toBe(true);
      expect(decimal).toHaveLength(1000);
      expect({ digits, rounds, worstCaseLog2, lucas }).toEqual({
        digits: 1000,
        rounds: 40,
        worstCaseLog2: -80,
        lucas: 'probable prime',
      });
      expect(averageCaseLog2).toBeLessThan(-200);
      expect(bases).toHaveLength(40);
      expect(new Set(bases).size).toBe(40);
      expect(new Set(kernels).size).toBe(2);
    }
  });

  it('finds the same primes with one worker and with two, and with every kernel', async () => {
    const variants: Record<string, string[]> = {
      one: ['--workers', '1'],
      two: ['--workers', '2'],
      schoolbook: ['--kernel', 'schoolbook'],
      fft: ['--kernel', 'fft'],
      bigint: ['--kernel', 'bigint'],
    };
    const results = new Map<string, string[]>();
    for (const [name, options] of Object.entries(variants)) {
      const ended = await nice19(...SEARCH, '--count', '12', '--data', data(name), ...options);
      expect(ended.code, ended.err).toBe(0);
      results.set(name, places(await primes(data(name))));
    }
    const expected = results.get('one');
    expect(expected).toHaveLength(12);
    for (const [name, result] of results) expect(result, name).toEqual(expected);
  });

  it('finds the same primes after twenty stops by SIGTERM and SIGKILL, none twice, none missing', async () => {
    const search = [
      'search',
      '--digits',
      '200',
      '--seed',
      '1988',
      '--error',
      '2^-40',
      '--checkpoint-every',
      '0.1',
      '--json',
    ];
    const found: string[] = [];
    for (let stop = 0; stop < 20; stop++) {
      const running = start([...search, '--data', data('stopped')]);
      const pid = running.process.pid as number;
      await running.event('started');
      // A find, a checkpoint or a second of work: whichever of them the stop is to follow.
      await Promise.race([running.event(['prime', 'checkpoint', 'progress'][stop % 3] as string), running.ended]).catch(
        () => undefined,
      );
      if (stop % 2 === 0) running.process.kill('SIGTERM');
      else {
        // Both at once, as when the power goes.
        for (const child of childrenOf(pid)) process.kill(child, 'SIGKILL');
        running.process.kill('SIGKILL');
      }
      const { out } = await running.ended;
      found.push(...out.split('\n').filter((line) => line.startsWith('{"event":"prime"') && line.endsWith('}')));
    }
    const count = (await primes(data('stopped'))).length + 5;
    const last = await nice19(...search, '--data', data('stopped'), '--count', String(count));
    expect(last.code, last.err).toBe(0);
    const resumed = places(await primes(data('stopped')));
    expect(new Set(resumed).size).toBe(count);
    const undisturbed = await nice19(
      ...search,
      '--data',
      data('undisturbed'),
      '--count',
      String(count),
      '--workers',
      '1',
    );
    expect(undisturbed.code, undisturbed.err).toBe(0);
    expect(resumed).toEqual(places(await primes(data('undisturbed'))));
    // Whatever was told was in the store before.
    const told = found.map((line) => (JSON.parse(line) as { decimal: string }).decimal);
    const kept = new Set(resumed.map((place) => place.split(':')[2]));
    for (const decimal of told) expect(kept.has(decimal)).toBe(true);
  });

  it('goes on with what is there, and says so when it has as many as were asked for', async () => {
    const place = data('again');
    expect((await nice19(...SEARCH, '--count', '2', '--data', place)).code).toBe(0);
    const more = await nice19('search', '--count', '4', '--data', place, '--json');
    expect(more.out).toContain('"resumed":true');
    expect(await primes(place)).toHaveLength(4);
    const enough = await nice19('search', '--count', '4', '--data', place);
    expect(enough.code).toBe(0);
    expect(enough.err).toContain('4 primes already');
  });

  it('counts CPU time over restarts', async () => {
    const place = data('cpu');
    await nice19(...SEARCH, '--count', '3', '--data', place);
    const before = JSON.parse((await nice19('status', '--data', place, '--json')).out);
    await nice19(...SEARCH, '--count', '6', '--data', place);
    const after = JSON.parse((await nice19('status', '--data', place, '--json')).out);
    expect(after.search.cpuSeconds).toBeGreaterThan(before.search.cpuSeconds);
    expect(after.cpuSecondsInAll).toBeCloseTo(after.search.cpuSeconds, 6);
    expect(after.search.found).toBe(6);
    expect(after.running).toBeNull();
  });
});
