import { basename, join } from 'node:path';
import type { Menu, MenuItemConstructorOptions, Tray } from 'electron';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MADE } from '../../build/icons/list.ts';
import { trayIcon, trayState } from '../../main/app/tray/icon.ts';
import { statusLine, type TrayAction, type TrayInput, type TrayItem, trayMenu } from '../../main/app/tray/menu.ts';
import { AppTray, template } from '../../main/app/tray/tray.ts';
import { SNOOZES } from '../../main/contract/bridge.ts';
import { PaperHostClock } from '../support/paper-host.ts';
import { TRAY_STATES, WALL } from './tray-states.ts';

const input = (state: keyof typeof TRAY_STATES): TrayInput => TRAY_STATES[state] as TrayInput;
const labels = (items: readonly TrayItem[]): string[] =>
  items.map((item) => (item.type === 'separator' ? '—' : item.label));
const actions = (items: readonly TrayItem[]): TrayAction[] =>
  items.flatMap((item): TrayAction[] => {
    if (item.type === 'submenu') return item.enabled ? actions(item.items) : [];
    return (item.type === 'action' || item.type === 'checkbox') && item.enabled ? [item.action] : [];
  });

describe('the menu', () => {
  test('everything that the app can do is in it, and the first thing to do is to show the primes', () => {
    const all = actions(trayMenu(input('running')));
    expect(all[0]).toEqual({ do: 'show', view: 'primes' });
    expect(all).toEqual(
      expect.arrayContaining([
        { do: 'pause' },
        ...SNOOZES.map((how) => ({ do: 'snooze', how })),
        { do: 'start-at-login', on: false },
        { do: 'show', view: 'settings' },
        { do: 'quit' },
      ]),
    );
    expect(actions(trayMenu(input('paused by the user')))).toContainEqual({ do: 'resume' });
  });

  test('it begins with what goes on, and why', () => {
    expect(Object.entries(TRAY_STATES).map(([name, state]) => `${name}: ${labels(trayMenu(state))[0]}`)).toEqual([
      'first start: Not begun yet: open the window',
      'starting: Starting',
      'running: Searching: 1,000 digits',
      'paused by the user: Paused by you',
      'paused for a while: Paused by you until 10:15',
      'paused until tomorrow: Paused by you until tomorrow 06:00',
      'paused on battery: Paused: on battery (43 %)',
      'paused by the schedule: Paused: outside the hours of the weekly schedule, until 22:00',
      'paused by the user and on battery: Paused by you',
      'cannot save: Searching: 1,000 digits',
      'not running: Not running: Another nice19 (process 4711, since 2026-11-26T07:30:00.000Z) is searching i…',
      'ending: Saving',
    ]);
  });

  test('what only the manners paused can be paused by the user too, so that it stays paused', () => {
    expect(actions(trayMenu(input('paused on battery')))).toContainEqual({ do: 'pause' });
  });

  test('before the first page is answered it offers to begin, and no way to run', () => {
    expect(actions(trayMenu(input('first start')))).toEqual([
      { do: 'show', view: 'now' },
      { do: 'start-at-login', on: true },
      { do: 'quit' },
    ]);
  });

  test('the last prime is named by its size and time of day, which do not change while time goes by', () => {
    const at = (wall: number) =>
      labels(trayMenu({ ...input('running'), wall })).find((label) => label.startsWith('Last prime'));
    expect(at(WALL)).toBe('Last prime: 1,000 digits, 08:05');
    expect(at(WALL + 3_600_000)).toBe('Last prime: 1,000 digits, 08:05');
    expect(at(WALL + 86_400_000)).toBe('Last prime: 1,000 digits, 26 Nov 08:05');
    expect(at(WALL + 60 * 86_400_000)).toBe('Last prime: 1,000 digits, 26 Nov 2026');
  });

  test('start at login is ticked as the system says, and cannot be had where it cannot', () => {
    const box = (loginItem: TrayInput['loginItem']) =>
      trayMenu({ ...input('running'), loginItem }).find((item) => item.type === 'checkbox');
    expect(box({ state: 'on', sentence: '' })).toMatchObject({ checked: true, enabled: true, action: { on: false } });
    expect(box({ state: 'off', sentence: '' })).toMatchObject({ checked: false, enabled: true, action: { on: true } });
    expect(box({ state: 'unavailable', sentence: '' })).toMatchObject({ checked: false, enabled: false });
    expect(box(null)).toMatchObject({ checked: false, enabled: false });
  });

  test('no sentence, however long, makes a menu too wide for a screen', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (problem) => {
        const state = input('cannot save');
        for (const label of labels(trayMenu({ ...state, now: { ...state.now, problem } })))
          expect(label.length).toBeLessThanOrEqual(90);
      }),
    );
  });
});

test('in Electron’s words an item is what it was, and an ampersand is no shortcut', () => {
  const done: TrayAction[] = [];
  const items: TrayItem[] = [
    { type: 'text', label: 'Paused: R&D' },
    {
      type: 'submenu',
      label: 'Pause for',
      enabled: true,
      items: [{ type: 'action', label: 'x', enabled: false, action: { do: 'quit' } }],
    },
    { type: 'checkbox', label: 'Start', enabled: true, checked: true, action: { do: 'start-at-login', on: false } },
  ];
  const [text, submenu, box] = template(items, (action) => done.push(action));
  expect(text).toEqual({ label: 'Paused: R&&D', enabled: false });
  expect(submenu).toMatchObject({ type: 'submenu', submenu: [{ label: 'x', enabled: false }] });
  expect(box).toMatchObject({ type: 'checkbox', checked: true });
  (box as { click(): void }).click();
  expect(done).toEqual([{ do: 'start-at-login', on: false }]);
});

describe('the icon', () => {
  test('says whether it runs, pauses, or wants the user', () => {
    const of = (state: keyof typeof TRAY_STATES) => trayState(input(state).now, input(state).firstStart);
    expect(of('running')).toBe('running');
    expect(of('starting')).toBe('running');
    expect(of('paused on battery')).toBe('paused');
    expect(of('ending')).toBe('paused');
    for (const state of ['cannot save', 'not running', 'first start']) expect(of(state)).toBe('attention');
  });

  test('is drawn for every state and system', () => {
    const drawn = MADE.map(({ file }) => file);
    for (const state of ['running', 'paused', 'attention'] as const)
      for (const platform of ['linux', 'darwin', 'win32'] as const)
        expect(drawn).toContain(`app/${basename(trayIcon(state, platform, 'icons'))}`);
    // macOS colours an image by this end of its name
    expect(trayIcon('paused', 'darwin', 'icons')).toBe(join('icons', 'trayPausedTemplate.png'));
  });
});

describe('the tray', () => {
  function paperTray({ fails = false, platform = 'linux' as NodeJS.Platform } = {}) {
    const said: string[] = [];
    const menus: MenuItemConstructorOptions[][] = [];
    const done: TrayAction[] = [];
    const clicks: (() => void)[] = [];
    const clock = new PaperHostClock(WALL);
    const tray = {
      isDestroyed: () => false,
      destroy: () => said.push('destroyed'),
      setImage: (image: string) => said.push(image),
      setToolTip: (tip: string) => said.push(tip),
      setContextMenu: (menu: unknown) => menus.push(menu as MenuItemConstructorOptions[]),
      on: (_: 'click', listener: () => void) => clicks.push(listener),
    };
    const edges = {
      make: (icon: string) => {
        if (fails) throw new Error('no StatusNotifierWatcher');
        said.push(icon);
        return tray as unknown as Tray;
      },
      menu: (items: MenuItemConstructorOptions[]) => items as unknown as Menu,
      icons: 'icons',
      platform,
      clock,
      log: (line: string) => said.push(line),
    };
    return { app: new AppTray(edges, (action) => done.push(action)), said, menus, done, clicks, clock };
  }

  test('a change of state is shown at once, icon, tool tip and menu', () => {
    const { app, said, menus } = paperTray();
    app.update(input('running'));
    app.update(input('paused on battery'));
    expect(said).toEqual([
      join('icons', 'tray-running-32.png'),
      'nice19: Searching: 1,000 digits',
      join('icons', 'tray-paused-32.png'),
      'nice19: Paused: on battery (43 %)',
    ]);
    expect(menus).toHaveLength(2);
  });

  test('what says the same is not set again, however often it is told', () => {
    const { app, menus, clock } = paperTray();
    for (let i = 0; i < 100; i++) {
      app.update({ ...input('running'), now: { ...input('running').now, lastCheckpointAt: String(i) } });
      clock.paper.advance(500);
    }
    expect(menus).toHaveLength(1);
  });

  test('finds that come by the dozen set the menu every few seconds, and the last one is in it', () => {
    const { app, menus, clock } = paperTray();
    const { now } = input('running');
    const find = now.lastFind as NonNullable<typeof now.lastFind>;
    for (let i = 0; i < 100; i++) {
      app.update({ ...input('running'), now: { ...now, lastFind: { ...find, digits: 100 + i } } });
      clock.paper.advance(100);
    }
    clock.paper.advance(10_000);
    expect(menus.length).toBeGreaterThan(1);
    expect(menus.length).toBeLessThanOrEqual(4);
    expect(
      menus
        .at(-1)
        ?.map((item) => item.label)
        .join('\n'),
    ).toContain('199 digits');
  });

  test('a box that the system ticked by itself is set again as it is', () => {
    const { app, menus, done } = paperTray();
    app.update(input('running'));
    const box = menus[0]?.find((item) => item.type === 'checkbox');
    (box as { click(): void }).click();
    app.update(input('running'));
    expect(done).toEqual([{ do: 'start-at-login', on: false }]);
    expect(menus).toHaveLength(2);
  });

  test('a click shows the window where clicks come; on macOS the icon opens its menu', () => {
    const { clicks, done } = paperTray({ platform: 'win32' });
    clicks[0]?.();
    expect(done).toEqual([{ do: 'show', view: 'now' }]);
    expect(paperTray({ platform: 'darwin' }).clicks).toEqual([]);
  });

  test('where there is no tray the app does without', () => {
    const { app, said } = paperTray({ fails: true });
    app.update(input('running'));
    app.destroy();
    expect(said).toEqual(['There is no tray here: no StatusNotifierWatcher']);
  });
});

test('every state has a line', () => {
  for (const state of Object.values(TRAY_STATES)) expect(statusLine(state)).not.toBe('');
});
