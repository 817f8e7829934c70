import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, SETTINGS_VERSION } from '../../../main/contract/settings.ts';
import { SettingsKeeper } from '../../../main/host/settings/keeper.ts';
import { MIGRATIONS, migrate } from '../../../main/host/settings/migrations.ts';
import { FIRST_STATE } from '../../../main/host/settings/state.ts';
import { PaperSettingsFile } from '../../support/paper-host.ts';

function keeperOf(content: Record<string, unknown> | null) {
  const file = new PaperSettingsFile(content);
  const sentences: string[] = [];
  const keeper = new SettingsKeeper(file, (sentence) => sentences.push(sentence));
  sentences.unshift(...keeper.sentences);
  return { file, sentences, keeper };
}

describe('reading', () => {
  test('without a file the defaults hold, nobody is told anything, and nothing is written', () => {
    const { keeper, sentences, file } = keeperOf(null);
    expect(keeper.settings).toEqual(DEFAULT_SETTINGS);
    expect(keeper.state).toEqual(FIRST_STATE);
    expect(sentences).toEqual([]);
    expect(file.writes).toEqual([]);
  });

  test('what was changed is there at the next start', () => {
    const { keeper, file } = keeperOf(null);
    keeper.change({ digits: 2345, schedule: [{ days: ['monday'], from: 1320, to: 360 }] });
    keeper.remember({ firstStartDone: true, pausedByUser: true });
    const next = keeperOf(file.content);
    expect(next.keeper.settings).toEqual(keeper.settings);
    expect(next.keeper.settings.digits).toBe(2345);
    expect(next.keeper.state).toMatchObject({ firstStartDone: true, pausedByUser: true });
    expect(next.sentences).toEqual([]);
  });

  test('one value that cannot be gets its default, with a sentence, and the rest is kept', () => {
    const settings = { ...DEFAULT_SETTINGS, digits: 5, cpuShare: 40, onBattery: 'perhaps' };
    const { keeper, sentences } = keeperOf({ version: 1, settings, state: { ...FIRST_STATE, firstStartDone: true } });
    expect(keeper.settings).toEqual({ ...DEFAULT_SETTINGS, cpuShare: 40 });
    expect(keeper.state.firstStartDone).toBe(true);
    expect(sentences).toHaveLength(2);
    expect(sentences[0]).toMatch(/"Digits" cannot be 5 .*: it is 1000 now\.$/);
    expect(sentences[1]).toMatch(/"On battery" cannot be "perhaps"/);
  });

  test('what the host remembers is judged value by value too', () => {
    const state = { firstStartDone: true, pausedByUser: 'yes', snooze: { askedAt: 'now', until: 'then' } };
    const { keeper } = keeperOf({ version: 1, settings: {}, state });
    expect(keeper.state).toEqual({ firstStartDone: true, pausedByUser: false, snooze: null });
  });

  test('what nobody here knows is kept where it was', () => {
    const content = {
      version: 1,
      settings: { digits: 77, colour: 'blue' },
      state: { firstStartDone: true, mood: 3 },
      windowBounds: { x: 1 },
    };
    const { keeper, file } = keeperOf(content);
    keeper.change({ cpuShare: 50 });
    expect(file.content).toMatchObject({
      version: 1,
      settings: { digits: 77, cpuShare: 50, colour: 'blue' },
      state: { firstStartDone: true, mood: 3 },
      windowBounds: { x: 1 },
    });
  });

  test('a name of JavaScript itself is a name like any other', () => {
    const content = JSON.parse('{"version":1,"settings":{"__proto__":{"digits":50},"constructor":1},"state":{}}');
    const { keeper, file } = keeperOf(content);
    expect(keeper.settings).toEqual(DEFAULT_SETTINGS);
    keeper.change({ digits: 60 });
    expect(JSON.stringify(file.content)).toContain('"__proto__":{"digits":50}');
  });

  test('a newer version is left as it is: defaults, a sentence, and nothing is written', () => {
    const content = { version: SETTINGS_VERSION + 1, settings: { digits: 7000 }, state: { pausedByUser: true } };
    const { keeper, sentences, file } = keeperOf(content);
    expect(keeper.settings).toEqual(DEFAULT_SETTINGS);
    expect(keeper.state).toEqual({ firstStartDone: true, pausedByUser: true, snooze: null });
    expect(sentences).toEqual([expect.stringMatching(/newer nice19 \(version 2, this one knows 1\)/)]);
    expect(keeper.change({ digits: 50 })).toBe(true);
    expect(keeper.settings.digits).toBe(50);
    expect(file.writes).toEqual([]);
    expect(file.aside).toBeNull();
  });

  test.each([
    ['no JSON', (file: PaperSettingsFile) => Object.assign(file, { readProblem: new SyntaxError('Unexpected end') })],
    ['a list', (file: PaperSettingsFile) => Object.assign(file, { content: [1, 2] })],
    ['a version that is none', (file: PaperSettingsFile) => Object.assign(file, { content: { version: 'one' } })],
    [
      'settings that are none',
      (file: PaperSettingsFile) => Object.assign(file, { content: { version: 1, settings: 3 } }),
    ],
  ])('a damaged file (%s) is set aside, the defaults hold, and the search is not asked about again', (_, damage) => {
    const file = new PaperSettingsFile({});
    damage(file);
    const keeper = new SettingsKeeper(file, () => {});
    expect(keeper.settings).toEqual(DEFAULT_SETTINGS);
    expect(keeper.state.firstStartDone).toBe(true);
    expect(keeper.sentences).toEqual([
      expect.stringMatching(/cannot be used .*config\.damaged\.json, and the defaults hold/),
    ]);
    keeper.change({ digits: 50 });
    expect(file.writes).toHaveLength(1);
  });

  test('a damaged file that cannot be set aside is not written over', () => {
    const file = new PaperSettingsFile({});
    file.readProblem = new Error('EACCES: permission denied');
    file.asideProblem = new Error('EROFS: read-only file system');
    const keeper = new SettingsKeeper(file, () => {});
    keeper.change({ digits: 50 });
    expect(file.writes).toEqual([]);
    expect(keeper.sentences).toEqual([expect.stringMatching(/EACCES.*nor set aside.*EROFS/)]);
  });
});

describe('writing', () => {
  test('what is as before is not written again', () => {
    const { keeper, file } = keeperOf(null);
    expect(keeper.change({ digits: 1000 })).toBe(false);
    expect(keeper.change({ cores: undefined } as never)).toBe(false);
    expect(file.writes).toEqual([]);
  });

  test('a disk that says no is told of once, what was changed holds, and is written when the disk says yes', () => {
    const { keeper, file, sentences } = keeperOf(null);
    file.writeProblem = new Error('ENOSPC: no space left on device');
    keeper.change({ digits: 50 });
    keeper.change({ digits: 51 });
    expect(keeper.settings.digits).toBe(51);
    expect(sentences).toEqual([expect.stringMatching(/cannot be saved \(ENOSPC/)]);
    file.writeProblem = null;
    keeper.remember({ pausedByUser: true });
    expect(file.content).toMatchObject({ settings: { digits: 51 }, state: { pausedByUser: true } });
  });
});

describe('migrations', () => {
  test('there is one from every version that was', () => {
    expect(Object.keys(MIGRATIONS).map(Number)).toEqual(Array.from({ length: SETTINGS_VERSION }, (_, n) => n));
  });

  test('settings without a version, at the top level, are read', () => {
    const { keeper, file, sentences } = keeperOf({ digits: 300, cpuShare: 60, mine: true });
    expect(keeper.settings).toEqual({ ...DEFAULT_SETTINGS, digits: 300, cpuShare: 60 });
    expect(sentences).toEqual([]);
    keeper.remember({ pausedByUser: true });
    expect(file.content).toMatchObject({ version: SETTINGS_VERSION, settings: { digits: 300, mine: true } });
  });

  test('steps are made one after the other', () => {
    const steps = {
      0: ({ a }: Record<string, unknown>) => ({ b: a }),
      1: ({ b }: Record<string, unknown>) => ({ c: b }),
      2: ({ c }: Record<string, unknown>) => ({ d: c }),
    };
    expect(migrate({ version: 1, b: 5 }, 1, 3, steps)).toEqual({ d: 5 });
    expect(migrate({ a: 5 }, 0, 3, steps)).toEqual({ d: 5 });
  });
});
