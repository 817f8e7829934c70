import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../main/contract/settings.ts';
import { BATTERY_TIMES } from '../../../main/host/manners/battery.ts';
import { FULLSCREEN_TIMES } from '../../../main/host/manners/fullscreen.ts';
import { HEAT_TIMES } from '../../../main/host/manners/heat.ts';
import {
  NOTHING_SEEN,
  nextLook,
  pausesOf,
  type Readings,
  SENSES,
  type Sense,
  SHORTEST_LOOK_MS,
  see,
} from '../../../main/host/manners/policy.ts';

const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  pauseWhileActive: true,
  activeMinutes: 3,
  pauseForFullscreen: true,
  pauseForPrograms: ['blender'],
};

const readings: fc.Arbitrary<Readings> = fc.record({
  battery: fc.option(
    fc.record({ onBattery: fc.boolean(), percent: fc.option(fc.integer({ min: 0, max: 100 }), { nil: null }) }),
    { nil: null },
  ),
  activity: fc.option(fc.integer({ min: 0, max: 600 }), { nil: null }),
  fullscreen: fc.option(fc.boolean(), { nil: null }),
  programs: fc.option(fc.constantFrom([], ['blender']), { nil: null }),
  heat: fc.option(fc.boolean(), { nil: null }),
});
/** Milliseconds until a look, and what is read then: the system may call for a look at any time. */
const looks = fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), readings), { minLength: 1, maxLength: 80 });

/** When each sense's pause began and ended. */
function turnsOf(sequence: readonly (readonly [number, Readings])[], settings: Settings) {
  let seen = NOTHING_SEEN;
  let steady = 0;
  const begins = new Map<Sense, number[]>(SENSES.map((sense) => [sense, []]));
  const ends = new Map<Sense, number[]>(SENSES.map((sense) => [sense, []]));
  let before = new Set<Sense>();
  for (const [wait, reading] of sequence) {
    steady += wait;
    seen = see(seen, reading, settings, SENSES, steady);
    const now = new Set(pausesOf(seen, settings).map(([sense]) => sense));
    for (const sense of now) if (!before.has(sense)) begins.get(sense)!.push(steady);
    for (const sense of before) if (!now.has(sense)) ends.get(sense)!.push(steady);
    before = now;
  }
  return { begins, ends, seen, steady };
}

describe('whatever the senses say, and whenever they are asked', () => {
  const leastBetweenEnds: Readonly<Record<Sense, number>> = {
    battery: BATTERY_TIMES.endsAfter,
    activity: SETTINGS.activeMinutes * 60_000,
    fullscreen: FULLSCREEN_TIMES.beginsAfter + FULLSCREEN_TIMES.endsAfter,
    programs: FULLSCREEN_TIMES.beginsAfter + FULLSCREEN_TIMES.endsAfter,
    heat: HEAT_TIMES.least,
  };
  test.each(SENSES)('the pause for %s ends, and so comes again, at most once in its time', (sense) => {
    fc.assert(
      fc.property(looks, (sequence) => {
        const ends = turnsOf(sequence, SETTINGS).ends.get(sense)!;
        for (let i = 1; i < ends.length; i++)
          expect(ends[i]! - ends[i - 1]!).toBeGreaterThanOrEqual(leastBetweenEnds[sense]);
      }),
    );
  });

  test('heat rests for five minutes at least, and battery for half a minute', () => {
    fc.assert(
      fc.property(looks, (sequence) => {
        const { begins, ends } = turnsOf(sequence, SETTINGS);
        for (const [sense, least] of [['heat', 300_000] as const, ['battery', 30_000] as const]) {
          for (const [i, end] of ends.get(sense)!.entries())
            expect(end - begins.get(sense)![i]!).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });

  test('nobody is asked sooner than in ten seconds', () => {
    fc.assert(
      fc.property(looks, fc.subarray([...SENSES], { minLength: 1 }), (sequence, senses) => {
        const { seen, steady } = turnsOf(sequence, SETTINGS);
        expect(nextLook(seen, SETTINGS, senses, steady)).toBeGreaterThanOrEqual(SHORTEST_LOOK_MS);
        expect(nextLook(seen, SETTINGS, senses, steady)).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  test('a sense that no setting needs pauses nothing, whatever it said before', () => {
    fc.assert(
      fc.property(looks, (sequence) => {
        const { seen, steady } = turnsOf(sequence, SETTINGS);
        const off = { ...SETTINGS, pauseWhileActive: false };
        expect(pausesOf(see(seen, {}, off, [], steady), off)).toEqual([]);
      }),
    );
  });
});

describe('battery', () => {
  const below = { ...SETTINGS, onBattery: 'pause-below', batteryBelow: 50 } as const;
  /** Whether it pauses after each percentage, on battery, a minute apart. */
  const paused = (percents: readonly (number | null)[], settings: Settings = below) => {
    let seen = NOTHING_SEEN;
    return percents.map((percent, minute) => {
      seen = see(seen, { battery: { onBattery: true, percent } }, settings, ['battery'], minute * 60_000);
      return pausesOf(seen, settings).length > 0;
    });
  };

  test('below the percentage it pauses, and it goes on only five points above', () => {
    // 55 has to last for half a minute.
    const percents = [51, 50, 49, 50, 54, 54, 55, 55, 50, 49];
    expect(paused(percents)).toEqual([false, false, true, true, true, true, true, false, false, true]);
  });

  test('a percentage that nobody knows is too low', () => {
    expect(paused([null])).toEqual([true]);
  });

  test('a battery that is to be at 95 % can be charged enough', () => {
    const strict = { ...below, batteryBelow: 95 };
    expect(paused([94, 99, 100, 100], strict)).toEqual([true, true, true, false]);
  });

  test('the sentence says what is left', () => {
    const seen = see(NOTHING_SEEN, { battery: { onBattery: true, percent: 43.4 } }, SETTINGS, ['battery'], 0);
    expect(pausesOf(seen, SETTINGS)[0]?.[1].sentence).toBe('on battery (43 %)');
    expect(pausesOf(seen, below)[0]?.[1].sentence).toBe('on battery, below 50 % (43 %)');
  });

  test('a computer without a battery, or that does not tell, is not paused', () => {
    for (const battery of [null, { onBattery: false, percent: null }]) {
      expect(pausesOf(see(NOTHING_SEEN, { battery }, SETTINGS, ['battery'], 0), SETTINGS)).toEqual([]);
    }
  });
});

describe('activity', () => {
  const active = (idles: readonly (readonly [number, number | null])[]) => {
    let seen = NOTHING_SEEN;
    return idles.map(([second, idle]) => {
      seen = see(seen, { activity: idle }, SETTINGS, ['activity'], second * 1000);
      return seen.activity.active;
    });
  };

  test('it pauses at once, and goes on when nobody has used the computer for its minutes', () => {
    expect(
      active([
        [0, 500],
        [10, 2],
        [100, 92],
        [187, 179],
        [188, 180],
        [200, 0],
      ]),
    ).toEqual([false, true, true, true, false, true]);
  });

  test('a locked screen counts from the last use that was seen', () => {
    expect(
      active([
        [0, 0],
        [100, null],
        [181, null],
      ]),
    ).toEqual([true, true, false]);
  });
});

describe('full screen and programs', () => {
  test('two looks, ten seconds apart', () => {
    let seen = NOTHING_SEEN;
    const at = (second: number, fullscreen: boolean) => {
      seen = see(seen, { fullscreen }, SETTINGS, ['fullscreen'], second * 1000);
      return seen.fullscreen.on;
    };
    expect([at(0, true), at(5, true), at(10, true), at(20, false), at(30, true), at(40, false), at(50, false)]).toEqual(
      [false, false, true, true, true, true, false],
    );
  });

  test('the programs are named', () => {
    const sentence = (names: string[]) => {
      const first = see(NOTHING_SEEN, { programs: names }, SETTINGS, ['programs'], 0);
      const second = see(first, { programs: names }, SETTINGS, ['programs'], 10_000);
      return pausesOf(second, SETTINGS)[0]?.[1].sentence;
    };
    expect(sentence(['blender'])).toBe('blender is running');
    expect(sentence(['blender', 'obs'])).toBe('blender and obs are running');
    expect(sentence(['blender', 'obs', 'steam'])).toBe('blender and 2 other programs are running');
  });
});
