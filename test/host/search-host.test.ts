import { describe, expect, test } from 'vitest';
import { EXIT_DONE, EXIT_REFUSED } from '../../main/contract/exit.ts';
import { settled } from '../support/paper-host.ts';
import {
  answered,
  FRESH_SEED,
  hosted,
  jobOf,
  primeEvent,
  progressOf,
  SEED,
  startedEvent,
} from '../support/paper-hosts.ts';

describe('the first page', () => {
  test('nothing searches before it is answered, whatever is asked', async () => {
    const { begun, searches, host } = hosted(null);
    await begun();
    host.resume();
    host.newSearch();
    host.change({ digits: 50 });
    await settled();
    expect(searches).toEqual([]);
    expect(host.firstStart).toBe(true);
    expect(host.now).toMatchObject({ state: 'stopped', problem: expect.stringContaining('first page') });
  });

  test('its answer sets what was chosen there, and searches', async () => {
    const { begun, search, host, window, file } = hosted(null);
    await begun();
    const result = window().ask('begin', { settings: { digits: 123, cores: 2 }, startAtLogin: true });
    expect(await result()).toMatchObject({ ok: true });
    expect(host.firstStart).toBe(false);
    expect(jobOf(search())).toMatchObject({
      type: 'search',
      directory: '/data',
      digits: 123,
      errorLog2: -80,
      seed: null,
    });
    expect(search().words.filter((word) => word.startsWith('pace'))).toEqual(['pace 2 1']);
    expect(file.content).toMatchObject({ state: { firstStartDone: true }, settings: { digits: 123 } });
    expect(await host.loginItem()).toMatchObject({ value: { state: 'on' } });
  });

  test('its settings hold before the search begins', async () => {
    const { begun, search, window, senses } = hosted(null);
    senses.readings.battery = null;
    await begun();
    senses.readings.idleSeconds = 0;
    await window().ask('begin', { settings: { pauseWhileActive: true }, startAtLogin: false })();
    expect(search().words.indexOf('pause user-active')).toBe(0);
  });

  test('once it was answered a start searches by itself', async () => {
    const { begun, searches } = hosted();
    await begun();
    expect(searches).toHaveLength(1);
  });
});

describe('pauses', () => {
  test('go out before the job, so that a search that shall not run never does', async () => {
    const { begun, search, senses } = hosted(answered({ onBattery: 'pause' }, { pausedByUser: false }));
    senses.readings.battery = { onBattery: true, percent: 43 };
    const host = await begun();
    expect(search().words.slice(0, 3)).toEqual(['pause battery', 'pace 4 1', 'job']);
    search().say(startedEvent());
    expect(host.now.state).toBe('paused');
    expect(host.now.pauses).toEqual([{ reason: 'battery', sentence: 'on battery (43 %)', until: null }]);
  });

  test('by the user outlive a restart of the program', async () => {
    const before = hosted();
    await before.begun();
    before.host.pause();
    const after = hosted(before.file.content);
    await after.begun();
    expect(after.search().words[0]).toBe('pause user');
    after.search().say(startedEvent());
    expect(after.host.now.state).toBe('paused');
    after.host.resume();
    await settled();
    expect(after.search().words.at(-1)).toBe('resume user');
    expect(after.host.now.state).toBe('running');
    expect(after.file.content).toMatchObject({ state: { pausedByUser: false } });
  });

  test('for a time end by themselves', async () => {
    const { begun, host, search, clock, file } = hosted();
    await begun();
    search().say(startedEvent());
    host.snooze('15-minutes');
    expect(host.now.pauses).toMatchObject([{ reason: 'snooze', until: '2026-11-26T12:15:00.000Z' }]);
    for (let minute = 0; minute < 15; minute++) {
      clock.paper.advance(60_000);
      await settled();
    }
    expect(search().words.slice(-2)).toEqual(['pause snooze', 'resume snooze']);
    expect(host.now.state).toBe('running');
    expect(file.content).toMatchObject({ state: { snooze: null } });
  });

  test('hold over a crash: the next cruncher hears of them before its job', async () => {
    const { begun, host, search, searches, clock } = hosted();
    await begun();
    search().say(startedEvent());
    host.pause();
    search().end(null, 'SIGSEGV');
    await settled();
    clock.paper.advance(1000);
    expect(searches).toHaveLength(2);
    expect(search().words[0]).toBe('pause user');
    expect(jobOf(search())).toMatchObject({ seed: SEED });
  });

  test('of the manners: resume says how they end', async () => {
    const { begun, host, senses, search, file } = hosted(answered({ onBattery: 'pause' }));
    senses.readings.battery = { onBattery: true, percent: 43 };
    await begun();
    search().say(startedEvent());
    expect(host.resume()).toEqual({ ok: false, sentence: expect.stringContaining('plugged in') });
    expect(file.writes).toEqual([]);
  });

  test('a change of the settings takes effect at once', async () => {
    const { begun, host, senses, search } = hosted(answered({ onBattery: 'pause' }));
    senses.readings.battery = { onBattery: true, percent: 43 };
    await begun();
    host.change({ onBattery: 'run', cpuShare: 30, cores: 1 });
    await settled();
    expect(search().words.slice(-2)).toEqual(['pace 1 0.3', 'resume battery']);
    host.change({ notifications: 'none' });
    await settled();
    expect(search().words.slice(-2)).toEqual(['pace 1 0.3', 'resume battery']);
  });
});

test('while this program stands still the search does, and nothing is remembered', async () => {
  const { begun, host, search, file } = hosted();
  await begun();
  host.standStill(true);
  host.standStill(false);
  expect(search().words.slice(-2)).toEqual(['pause user', 'resume user']);
  expect(file.writes).toEqual([]);
  host.pause();
  host.standStill(true);
  host.standStill(false);
  expect(search().words.at(-1)).toBe('pause user');
});

test('a setting that has no effect on this system is told of', async () => {
  const { begun, host, senses } = hosted(answered({ pauseForFullscreen: true }));
  senses.readings.fullscreen = null;
  await begun();
  expect(host.now.notices).toMatchObject([
    { sentence: expect.stringMatching(/"Pause for full screen" has no effect/) },
  ]);
});

describe('which search', () => {
  test('a crash goes on with the search that began, and not with another', async () => {
    const { begun, search, clock } = hosted();
    await begun();
    expect(jobOf(search())).toMatchObject({ seed: null });
    search().say(startedEvent(1000, SEED));
    search().end(1, null, ['it crashed']);
    await settled();
    clock.paper.advance(1000);
    expect(jobOf(search())).toMatchObject({ digits: 1000, seed: SEED });
  });

  test('other digits end this one, which is saved first, and begin another; back again goes on with it', async () => {
    const { begun, host, search, searches } = hosted();
    await begun();
    search().say(startedEvent());
    host.change({ digits: 2000 });
    expect(search().words.at(-1)).toBe('stop');
    expect(searches).toHaveLength(1);
    expect(host.now.state).toBe('starting');
    search().end(EXIT_DONE);
    await settled();
    expect(jobOf(search())).toMatchObject({ digits: 2000, seed: null });
    search().say(startedEvent(2000, FRESH_SEED));
    host.change({ digits: 1000 });
    search().end(EXIT_DONE);
    await settled();
    expect(searches).toHaveLength(3);
    expect(jobOf(search())).toMatchObject({ digits: 1000, seed: null });
  });

  test('of many changes on the way only the last is begun', async () => {
    const { begun, host, search, searches } = hosted();
    await begun();
    for (const digits of [200, 300, 400]) host.change({ digits });
    search().say(startedEvent());
    search().end(EXIT_DONE);
    await settled();
    expect(searches).toHaveLength(2);
    expect(jobOf(search())).toMatchObject({ digits: 400, seed: null });
  });

  test('another error is another search', async () => {
    const { begun, host, search } = hosted();
    await begun();
    host.change({ errorLog2: -100 });
    search().end(EXIT_DONE);
    await settled();
    expect(jobOf(search())).toMatchObject({ digits: 1000, errorLog2: -100 });
  });

  test('a new search that is asked for before its senses have looked begins when they have', async () => {
    const { begun, host, search, searches, senses } = hosted();
    host.change({ pauseWhileActive: true });
    senses.readings.idleSeconds = 0;
    expect(host.newSearch()).toEqual({ ok: true, value: null });
    expect(searches).toEqual([]);
    await begun();
    expect(searches).toHaveLength(1);
    expect(jobOf(search())).toMatchObject({ seed: FRESH_SEED });
    expect(search().words.indexOf('pause user-active')).toBe(0);
  });

  test('a new search has a fresh seed, which a crash keeps', async () => {
    const { begun, host, search, clock } = hosted();
    await begun();
    search().say(startedEvent());
    host.newSearch();
    search().end(EXIT_DONE);
    await settled();
    expect(jobOf(search())).toMatchObject({ digits: 1000, seed: FRESH_SEED });
    search().end(1);
    await settled();
    clock.paper.advance(1000);
    expect(jobOf(search())).toMatchObject({ seed: FRESH_SEED });
  });
});

describe('what goes wrong', () => {
  test('a refusal is the problem that is shown; resume tries again', async () => {
    const { begun, host, search, searches } = hosted();
    await begun();
    search().say({ type: 'refused', sentence: 'Another nice19 works here.' });
    search().end(EXIT_REFUSED);
    await settled();
    expect(host.now).toMatchObject({ state: 'stopped', problem: 'Another nice19 works here.' });
    expect(host.resume()).toEqual({ ok: true, value: null });
    expect(searches).toHaveLength(2);
    search().say(startedEvent());
    expect(host.now).toMatchObject({ state: 'running', problem: null });
  });

  test('paused and refused, one resume ends the pause and tries again', async () => {
    const { begun, host, search, searches } = hosted();
    await begun();
    search().say({ type: 'refused', sentence: 'Another nice19 works here.' });
    search().end(EXIT_REFUSED);
    host.pause();
    await settled();
    expect(host.resume()).toEqual({ ok: true, value: null });
    await settled();
    expect(searches).toHaveLength(2);
    search().say(startedEvent());
    expect(host.now).toMatchObject({ state: 'running', pauses: [], problem: null });
  });

  test('one crash is no problem; three in a row are', async () => {
    const { begun, host, search, clock } = hosted();
    await begun();
    for (let crash = 1; crash <= 3; crash++) {
      search().end(1, null, ['Error: out of memory']);
      await settled();
      expect(host.now.problem === null).toBe(crash < 3);
      clock.paper.advance(10_000);
    }
    expect(host.now.problem).toMatch(/3 times \(Error: out of memory\)/);
    search().say(startedEvent());
    expect(host.now.problem).toBeNull();
  });

  test('a disk that takes nothing, and arithmetic errors, are told', async () => {
    const { begun, host, search } = hosted();
    await begun();
    search().say(startedEvent());
    search().say(progressOf({ arithmeticErrors: 4 }));
    expect(host.now.problem).toBeNull();
    search().say(progressOf({ arithmeticErrors: 6 }));
    expect(host.now.problem).toMatch(/arithmetic errors \(2 errors since/);
    search().say(progressOf({ arithmeticErrors: 6, unsaved: 3, paused: ['cannot-save'] }));
    expect(host.now.problem).toMatch(/disk .* 3 primes wait in memory/);
    expect(host.now).toMatchObject({ state: 'paused', pauses: [{ reason: 'cannot-save' }] });
  });

  test('what is no event is dropped, with a line of the log', async () => {
    const { begun, host, search, log } = hosted();
    await begun();
    const before = log.length;
    const now = host.now;
    for (const message of [null, 5, { type: 'prime', record: 'x'.repeat(10_000) }]) search().sayAnything(message);
    expect(host.now).toBe(now);
    expect(log.slice(before)).toHaveLength(3);
    expect(Math.max(...log.map((line) => line.length))).toBeLessThan(300);
  });

  test('a file that was damaged is told of in the notices, until the user puts them away', async () => {
    const { host, file } = hosted({ version: 1, settings: 5 });
    expect(file.aside).not.toBeNull();
    expect(host.now.notices).toMatchObject([{ id: 1, sentence: expect.stringContaining('set') }]);
    host.dismissNotice(1);
    expect(host.now.notices).toEqual([]);
  });

  test('warnings are notices, the last ten, the same one once', async () => {
    const { begun, host, search } = hosted();
    await begun();
    for (let i = 0; i < 30; i++) search().say({ type: 'warning', sentence: `Warning ${i % 12}` });
    expect(host.now.notices).toHaveLength(10);
    expect(host.now.notices.at(-1)?.sentence).toBe('Warning 5.');
  });
});

describe('suspend and end', () => {
  test('before the computer sleeps a checkpoint is asked for, unless all is saved', async () => {
    const { begun, host, search, senses } = hosted();
    await begun();
    search().say(startedEvent());
    senses.say('suspend');
    expect(search().words.slice(-2)).toEqual(['pause snooze', 'resume snooze']);
    host.pause();
    const sent = search().sent.length;
    senses.say('shutdown');
    expect(search().sent).toHaveLength(sent);
  });

  test('it ends when its processes have', async () => {
    const { begun, host, search, clock } = hosted();
    await begun();
    const ended = host.end(5000);
    expect(host.now.state).toBe('ending');
    expect(search().words.at(-1)).toBe('stop');
    search().end(EXIT_DONE);
    await ended;
    expect(clock.paper.next).toBeNull();
  });

  test('a cruncher that does not end holds nobody up', async () => {
    const { begun, host, clock, log } = hosted();
    await begun();
    const ended = host.end(5000);
    clock.paper.advance(5000);
    await ended;
    expect(log.at(-1)).toContain('did not end in time');
  });

  test('asked twice it ends once, and nothing starts again', async () => {
    const { begun, host, search, searches } = hosted();
    await begun();
    const ended = [host.end(5000), host.end(5000)];
    host.change({ digits: 50 });
    host.resume();
    search().end(EXIT_DONE);
    await Promise.all(ended);
    await settled();
    expect(searches).toHaveLength(1);
  });
});

describe('finds', () => {
  test('are announced by the policy, and the last one is shown', async () => {
    const { begun, host, search, notifications, log } = hosted();
    await begun();
    search().say(startedEvent(100));
    for (let number = 1; number <= 20; number++) search().say(primeEvent(100, number));
    expect(notifications).toEqual([{ title: 'A prime of 100 digits', body: expect.stringContaining('777777777777…') }]);
    expect(host.now.lastFind).toMatchObject({ number: 20, digits: 100, first: '7'.repeat(12), last: '7'.repeat(12) });
    expect(log.join('\n')).not.toContain('7777');
  });
});
