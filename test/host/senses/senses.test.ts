/** What the system tells, read from its own words: recorded outputs, folders like the kernel's, and this computer. */

import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { linuxBattery, readCim, readPmset, systemBattery } from '../../../main/host/senses/battery.ts';
import { type Ask, askSystem } from '../../../main/host/senses/command.ts';
import { systemFullscreen } from '../../../main/host/senses/fullscreen.ts';
import { linuxHot } from '../../../main/host/senses/heat.ts';
import { linuxProgramNames, readTasklist, systemPrograms, wantedAmong } from '../../../main/host/senses/programs.ts';
import { temporaryDirectory } from '../../support/directory.ts';

/** Folders of one file a value, as the kernel has them. */
function kernelFolder(tree: Readonly<Record<string, Readonly<Record<string, string | number>>>>): string {
  const root = temporaryDirectory();
  for (const [name, values] of Object.entries(tree)) {
    mkdirSync(join(root, name));
    for (const [file, value] of Object.entries(values)) writeFileSync(join(root, name, file), `${value}\n`);
  }
  return root;
}

const mains = (online: 0 | 1) => ({ AC: { type: 'Mains', online } });
const battery = (status: string, capacity: number) => ({ BAT0: { type: 'Battery', present: 1, status, capacity } });

describe('the battery on Linux', () => {
  test.each([
    ['discharging', { ...mains(0), ...battery('Discharging', 43) }, { onBattery: true, percent: 43 }],
    ['charging', { ...mains(1), ...battery('Charging', 43) }, { onBattery: false, percent: 43 }],
    ['full', { ...mains(1), ...battery('Full', 100) }, { onBattery: false, percent: 100 }],
    // a dock that gives less than is used
    ['discharging on the mains', { ...mains(1), ...battery('Discharging', 80) }, { onBattery: false, percent: 80 }],
    ['of a laptop without a line for the mains', battery('Discharging', 9), { onBattery: true, percent: 9 }],
    ['none', mains(1), null],
    [
      'only that of a mouse',
      { ...mains(1), mouse: { type: 'Battery', scope: 'Device', status: 'Discharging', capacity: 5 } },
      null,
    ],
    ['taken out', { ...mains(1), BAT0: { type: 'Battery', present: 0, status: 'Unknown' } }, null],
    ['without a figure', { BAT0: { type: 'Battery', status: 'Discharging' } }, { onBattery: true, percent: null }],
    [
      'two, which count by what they hold',
      {
        ...mains(0),
        BAT0: { type: 'Battery', status: 'Discharging', capacity: 50, energy_now: 10, energy_full: 20 },
        BAT1: { type: 'Battery', status: 'Unknown', capacity: 100, energy_now: 60, energy_full: 60 },
      },
      { onBattery: true, percent: 88 },
    ],
  ])('%s', (_, tree, expected) => {
    expect(linuxBattery(kernelFolder(tree as never))).toEqual(expected);
  });

  test('nothing where the kernel shows no power supplies', () => {
    expect(linuxBattery(join(temporaryDirectory(), 'nothing'))).toBeNull();
  });
});

describe('the battery elsewhere', () => {
  test('macOS, from pmset', () => {
    const text =
      "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t67%; discharging; 3:32 remaining present: true\n";
    expect(readPmset(text)).toEqual({ onBattery: true, percent: 67 });
    expect(readPmset(text.replace('Battery Power', 'AC Power'))).toEqual({ onBattery: false, percent: 67 });
    expect(readPmset("Now drawing from 'AC Power'\n")).toBeNull();
  });

  test('Windows, from CIM', () => {
    expect(readCim('1 43\r\n')).toEqual({ onBattery: true, percent: 43 });
    expect(readCim('2 100\r\n')).toEqual({ onBattery: false, percent: 100 });
    expect(readCim('')).toBeNull();
  });

  test('what cannot be asked is not known', async () => {
    const silent: Ask = async () => null;
    for (const platform of ['darwin', 'win32', 'freebsd'] as const)
      expect(await systemBattery(platform, silent)).toBeNull();
  });
});

describe('programs', () => {
  test('one that runs on this computer is found by its name, whatever its case', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.once('spawn', resolve));
    const name = process.platform === 'win32' ? 'NODE.EXE' : 'NODE';
    await expect.poll(() => systemPrograms([name, 'no such program'])).toEqual([name]);
  });

  test('a long name, which the kernel cuts, and a script, which has its interpreter’s, are found', () => {
    const root = kernelFolder({
      '1': { comm: 'systemd', cmdline: '/sbin/init\0splash\0' },
      '20': { comm: 'gnome-terminal-', cmdline: '/usr/libexec/gnome-terminal-server\0' },
      '21': { comm: 'python3', cmdline: '/usr/bin/python3\0/usr/bin/render-farm\0--fast\0' },
      '22': { comm: 'Web Content', cmdline: '' },
      self: { comm: 'ghost', cmdline: 'ghost' },
    });
    symlinkSync(join(root, 'gone'), join(root, '23'));
    const wanted = ['gnome-terminal-server', 'render-farm', 'Web Content', 'ghost', 'gnome', 'init'];
    expect(wantedAmong(wanted, linuxProgramNames(root))).toEqual([
      'gnome-terminal-server',
      'render-farm',
      'Web Content',
      'init',
    ]);
  });

  test('macOS, from paths; Windows, with or without ".exe"', async () => {
    const ps: Ask = async () => '/Applications/Final Cut Pro.app/Contents/MacOS/Final Cut Pro\n/sbin/launchd\n';
    expect(await systemPrograms(['Final Cut Pro', 'Xcode'], 'darwin', ps)).toEqual(['Final Cut Pro']);
    const tasklist = '"System Idle Process","0","Services","0","8 K"\r\n"blender.exe","4711","Console","1","90 K"\r\n';
    expect(readTasklist(tasklist)).toEqual(['System Idle Process', 'blender.exe']);
    expect(await systemPrograms(['Blender', 'x'], 'win32', async () => tasklist)).toEqual(['Blender']);
    expect(await systemPrograms(['x'], 'win32', async () => null)).toBeNull();
  });
});

describe('full screen', () => {
  const x11 = { DISPLAY: ':0' };
  /** xprop of an X server whose active window is in this state. */
  const xprop =
    (window: string, state: string | null): Ask =>
    async (_, args) =>
      args[0] === '-root' ? `_NET_ACTIVE_WINDOW(WINDOW): window id # ${window}\n` : state;
  const of = (ask: Ask, env: NodeJS.ProcessEnv = x11) => systemFullscreen([50], env, 'linux', ask);
  const full = '_NET_WM_STATE(ATOM) = _NET_WM_STATE_FULLSCREEN, _NET_WM_STATE_FOCUSED\n_NET_WM_PID(CARDINAL) = 77\n';

  test('X11 tells by the active window’s state', async () => {
    expect(await of(xprop('0x3c00007', full))).toBe(true);
    expect(await of(xprop('0x3c00007', '_NET_WM_STATE(ATOM) = _NET_WM_STATE_FOCUSED\n'))).toBe(false);
    expect(await of(xprop('0x0', null))).toBe(false);
  });

  test('our own window in full screen is no reason', async () => {
    expect(await of(xprop('0x3c00007', full.replace('77', '50')))).toBe(false);
  });

  test.each([
    ['without xprop', async () => null, x11],
    ['on Wayland', xprop('0x3c00007', full), { ...x11, WAYLAND_DISPLAY: 'wayland-0' }],
    ['without a display', xprop('0x3c00007', full), {}],
    ['when the window was closed in between', xprop('0x3c00007', null), x11],
  ] as const)('nobody knows %s', async (_, ask, env) => {
    expect(await of(ask as Ask, env)).toBeNull();
  });
});

describe('heat on Linux', () => {
  const zone = (temp: number, trips: readonly (readonly [string, number])[]) => ({
    temp,
    ...Object.fromEntries(
      trips.flatMap(([type, at], i) => [
        [`trip_point_${i}_type`, type],
        [`trip_point_${i}_temp`, at],
      ]),
    ),
  });

  test.each([
    [
      'below its trip points',
      {
        thermal_zone0: zone(60_000, [
          ['critical', 105_000],
          ['passive', 95_000],
        ]),
      },
      false,
    ],
    [
      'at the one where the kernel slows it down',
      {
        thermal_zone0: zone(95_000, [
          ['critical', 105_000],
          ['passive', 95_000],
        ]),
      },
      true,
    ],
    [
      'in one zone of several',
      { thermal_zone0: zone(30_000, [['critical', 105_000]]), thermal_zone7: zone(101_000, [['hot', 100_000]]) },
      true,
    ],
    ['at points that only turn fans', { thermal_zone0: zone(70_000, [['active', 60_000]]) }, null],
    [
      'at points that are not set',
      {
        thermal_zone0: zone(40_000, [
          ['passive', -274_000],
          ['passive', 0],
        ]),
      },
      null,
    ],
    ['without zones', { cooling_device0: { type: 'Processor' } }, null],
  ])('%s', (_, tree, hot) => {
    expect(linuxHot(kernelFolder(tree as never))).toBe(hot);
  });
});

describe('a program of the system', () => {
  test('says what it says, in the language that is read', async () => {
    expect(await askSystem(process.execPath, ['-p', 'process.env.LC_ALL'])).toBe('C\n');
  });

  test('that is missing or fails says nothing', async () => {
    expect(await askSystem('no-such-program', [])).toBeNull();
    expect(await askSystem(process.execPath, ['-e', 'console.log(1); process.exit(1)'])).toBeNull();
  });
});
