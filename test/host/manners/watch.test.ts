import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../main/contract/settings.ts';
import { type Asked, snoozeFrom } from '../../../main/host/manners/asked.ts';
import { MannersWatch, type Wishes } from '../../../main/host/manners/watch.ts';
import { PaperHostClock, PaperSenses, settled } from '../../support/paper-host.ts';

const NOBODY: Settings = { ...DEFAULT_SETTINGS, onBattery: 'run', pauseWhenHot: false };

async function watched(settings: Partial<Settings> = {}) {
  const clock = new PaperHostClock();
  const senses = new PaperSenses();
  const wishes: Wishes[] = [];
  const blind: string[] = [];
  const world = {
    clock,
    senses,
    wishes,
    blind,
    settings: { ...NOBODY, ...settings } as Settings,
    asked: { pausedByUser: false, snooze: null } as Asked,
    reasons: () => wishes.at(-1)?.pauses.map(({ reason }) => reason),
    /** Time goes on, and what is asked on the way is answered. */
    async pass(milliseconds: number) {
      const end = clock.steady() + milliseconds;
      await settled();
      while (clock.paper.next !== null && clock.steady() + clock.paper.next <= end) {
        clock.paper.advance(clock.paper.next);
        await settled();
      }
      clock.paper.advance(end - clock.steady());
    },
  };
  const watch = new MannersWatch({
    clock,
    senses,
    cores: 8,
    settings: () => world.settings,
    asked: () => world.asked,
    askedChanged: (asked) => Object.assign(world, { asked }),
    onBlind: (sense) => blind.push(sense),
    onWishes: (wish) => wishes.push(wish),
  });
  return { ...world, world, watch };
}

describe('what is asked, and how often', () => {
  test('without a setting that needs a sense none is asked, and there is no timer', async () => {
    const { watch, senses, clock, wishes } = await watched();
    watch.begin();
    await settled();
    expect(senses.asked).toEqual([]);
    expect(clock.paper.next).toBeNull();
    expect(wishes).toEqual([{ pauses: [], pace: { workers: 8, share: 1 } }]);
  });

  test('only the senses that a setting needs are asked', async () => {
    const { watch, senses } = await watched({ onBattery: 'pause', pauseForFullscreen: true });
    watch.begin();
    await settled();
    expect(senses.asked.toSorted()).toEqual(['battery', 'fullscreen']);
  });

  test('while it runs, at most every ten seconds', async () => {
    const { watch, senses, pass } = await watched({ pauseWhileActive: true });
    watch.begin();
    await pass(600_000);
    expect(senses.asked.length).toBeGreaterThan(55);
    expect(senses.asked.length).toBeLessThanOrEqual(61);
  });

  test('battery and heat, the defaults, every half minute', async () => {
    const { watch, senses, pass } = await watched({ onBattery: 'pause', pauseWhenHot: true });
    watch.begin();
    await pass(600_000);
    expect(senses.asked.length).toBeLessThanOrEqual(2 * 21);
  });

  test('paused by the user: no sense and no timer', async () => {
    const { watch, senses, clock, world, reasons } = await watched({ onBattery: 'pause', pauseWhileActive: true });
    world.asked = { pausedByUser: true, snooze: null };
    watch.begin();
    await settled();
    expect(reasons()).toEqual(['user']);
    expect(senses.asked).toEqual([]);
    expect(clock.paper.next).toBeNull();
  });

  test('a snooze has one timer, also over more time than a timer can hold, and looks before it goes on', async () => {
    const { watch, senses, clock, world, reasons, pass, wishes } = await watched({ onBattery: 'pause' });
    world.asked = { pausedByUser: false, snooze: snoozeFrom('1-hour', clock.wall()) };
    watch.begin();
    await pass(3_599_000);
    expect(reasons()).toEqual(['snooze']);
    expect(senses.asked).toEqual([]);
    senses.readings.battery = { onBattery: true, percent: 80 };
    await pass(2_000);
    expect(reasons()).toEqual(['battery']);
    expect(wishes.every(({ pauses }) => pauses.length > 0)).toBe(true);
    expect(world.asked.snooze).toBeNull();
  });

  test('a snooze ends after a night asleep, at the first look after it', async () => {
    const { watch, senses, clock, world, reasons } = await watched();
    world.asked = { pausedByUser: false, snooze: snoozeFrom('15-minutes', clock.wall()) };
    watch.begin();
    await settled();
    clock.setWall(clock.wall() + 8 * 3_600_000);
    senses.say('resume');
    await settled();
    expect(reasons()).toEqual([]);
  });

  test('paused by what was seen, only that is looked at', async () => {
    const { watch, senses, pass, reasons } = await watched({ onBattery: 'pause', pauseWhileActive: true });
    senses.readings.battery = { onBattery: true, percent: 80 };
    watch.begin();
    await settled();
    expect(reasons()).toEqual(['battery']);
    senses.asked = [];
    await pass(300_000);
    expect(new Set(senses.asked)).toEqual(new Set(['battery']));
    expect(senses.asked.length).toBeLessThanOrEqual(10);
  });

  test('before it goes on everything is looked at', async () => {
    const { watch, senses, pass, reasons, wishes } = await watched({ onBattery: 'pause', pauseWhileActive: true });
    senses.readings.battery = { onBattery: true, percent: 80 };
    watch.begin();
    await settled();
    senses.readings.battery = { onBattery: false, percent: 80 };
    senses.readings.idleSeconds = 1;
    await pass(120_000);
    expect(reasons()).toEqual(['user-active']);
    expect(wishes.every(({ pauses }) => pauses.length > 0)).toBe(true);
  });
});

describe('what the system says by itself', () => {
  test('a change of the power supply is looked at now', async () => {
    const { watch, senses, reasons } = await watched({ onBattery: 'pause' });
    watch.begin();
    await settled();
    senses.readings.battery = { onBattery: true, percent: 90 };
    senses.say('power');
    await settled();
    expect(reasons()).toEqual(['battery']);
  });

  test('while the screen is locked nobody is there, whatever is typed', async () => {
    const { watch, senses, pass, reasons } = await watched({ pauseWhileActive: true });
    senses.readings.idleSeconds = 0;
    watch.begin();
    await settled();
    senses.say('lock');
    await pass(181_000);
    expect(reasons()).toEqual([]);
    senses.say('unlock');
    await settled();
    expect(reasons()).toEqual(['user-active']);
  });

  test('two changes at once are two looks, and the last counts', async () => {
    const { watch, senses, reasons } = await watched({ onBattery: 'pause' });
    watch.begin();
    senses.say('power');
    senses.readings.battery = { onBattery: true, percent: 90 };
    senses.say('power');
    await settled();
    expect(reasons()).toEqual(['battery']);
  });

  test('what a look finds too late is of no interest', async () => {
    const { watch, senses, world, reasons, wishes } = await watched({ onBattery: 'pause' });
    const slow = Promise.withResolvers<null>();
    senses.battery = () => slow.promise;
    watch.begin();
    world.asked = { pausedByUser: true, snooze: null };
    void watch.again();
    expect(reasons()).toEqual(['user']);
    slow.resolve(null);
    await settled();
    expect(reasons()).toEqual(['user']);
    expect(wishes).toHaveLength(1);
  });

  test('after its end it hears and says nothing', async () => {
    const { watch, senses, clock, wishes } = await watched({ onBattery: 'pause' });
    watch.begin();
    await settled();
    watch.end();
    senses.readings.battery = { onBattery: true, percent: 90 };
    senses.say('power');
    await settled();
    expect(wishes).toHaveLength(1);
    expect(clock.paper.next).toBeNull();
  });
});

describe('senses that fail', () => {
  test('one that throws does not know', async () => {
    const { watch, senses, wishes } = await watched({ onBattery: 'pause' });
    senses.battery = async () => {
      throw new Error('no such file');
    };
    watch.begin();
    await settled();
    expect(wishes.at(-1)?.pauses).toEqual([]);
  });

  test('one that never answers holds nobody up for long, and is not asked again meanwhile', async () => {
    const { watch, senses, wishes, pass, world, reasons } = await watched({ onBattery: 'pause' });
    let questions = 0;
    senses.battery = () => {
      questions++;
      return new Promise(() => {});
    };
    watch.begin();
    await pass(5_000);
    expect(wishes).toHaveLength(1);
    await pass(600_000);
    expect(questions).toBe(1);
    // And what others say is told without waiting for it.
    world.settings = { ...world.settings, pauseWhenHot: true };
    senses.readings.hot = true;
    senses.say('heat');
    await settled();
    expect(reasons()).toEqual(['heat']);
  });
});

describe('senses that the system does not have', () => {
  test('are told of once, where a setting needs them', async () => {
    const { watch, senses, blind, pass } = await watched({
      onBattery: 'pause',
      pauseWhileActive: true,
      pauseWhenHot: true,
    });
    Object.assign(senses.readings, { battery: null, idleSeconds: null, fullscreen: null, hot: null });
    watch.begin();
    await pass(100_000);
    expect(blind).toEqual(['activity']);
  });

  test('a locked screen is none of them', async () => {
    const { watch, senses, blind } = await watched({ pauseWhileActive: true });
    senses.say('lock');
    watch.begin();
    senses.say('lock');
    await settled();
    expect(blind).toEqual([]);
  });
});

describe('schedule', () => {
  test('it pauses and goes on at its minute', async () => {
    const { watch, clock, world, wishes, pass, reasons } = await watched();
    const now = new Date(clock.wall());
    const minute = 60 * now.getHours() + now.getMinutes();
    const days = [...(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const)];
    world.settings = { ...world.settings, schedule: [{ days, from: minute + 30, to: minute + 90 }] };
    watch.begin();
    await pass(30 * 60_000 - 1);
    expect(reasons()).toEqual(['schedule']);
    expect(wishes.at(-1)?.pauses[0]?.until).toBe(new Date(clock.wall() + 1).toISOString());
    await pass(1);
    expect(reasons()).toEqual([]);
    await pass(60 * 60_000 - 1);
    expect(reasons()).toEqual([]);
    await pass(1);
    expect(reasons()).toEqual(['schedule']);
  });
});

describe('pace', () => {
  test('fewer cores while somebody is there, without a pause', async () => {
    const { watch, senses, wishes, pass } = await watched({ cores: 6, coresWhileActive: 2, cpuShare: 50 });
    watch.begin();
    await settled();
    senses.readings.idleSeconds = 0;
    await pass(10_000);
    senses.readings.idleSeconds = 3600;
    await pass(180_000);
    expect(wishes).toEqual([
      { pauses: [], pace: { workers: 6, share: 0.5 } },
      { pauses: [], pace: { workers: 2, share: 0.5 } },
      { pauses: [], pace: { workers: 6, share: 0.5 } },
    ]);
  });

  test('more cores than there are, or more while active than otherwise, are as many as there are', async () => {
    const { watch, wishes, senses } = await watched({ cores: 64, coresWhileActive: 99 });
    watch.begin();
    await settled();
    expect(wishes.at(-1)?.pace.workers).toBe(8);
    expect(senses.asked).toEqual([]);
  });
});
