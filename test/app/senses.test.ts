import { EventEmitter } from 'node:events';
import type { PowerMonitor } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { AppSenses, type SystemSenses } from '../../main/app/senses.ts';
import type { SenseChange } from '../../main/host/edges.ts';
import { PaperHostClock } from '../support/paper-host.ts';

let electron: { battery: boolean; idle: number; thermal: 'unknown' | 'nominal' | 'fair' | 'serious' | 'critical' };
let system: SystemSenses;
let asked: number;
let monitor: EventEmitter;
let clock: PaperHostClock;

beforeEach(() => {
  electron = { battery: false, idle: 5, thermal: 'nominal' };
  asked = 0;
  system = {
    battery: async () => {
      asked++;
      return { onBattery: true, percent: 43 };
    },
    fullscreen: async () => null,
    programs: async (names) => names.slice(0, 1),
    hot: () => null,
  };
  monitor = Object.assign(new EventEmitter(), {
    isOnBatteryPower: () => electron.battery,
    getSystemIdleTime: () => electron.idle,
    getCurrentThermalState: () => electron.thermal,
  });
  clock = new PaperHostClock();
});

const senses = (platform: NodeJS.Platform) =>
  new AppSenses(monitor as unknown as PowerMonitor, system, platform, clock);

describe('the battery', () => {
  test('on Linux, where Electron does not know, is the kernel’s', async () => {
    expect(await senses('linux').battery()).toEqual({ onBattery: true, percent: 43 });
    system = { ...system, battery: async () => null };
    expect(await senses('linux').battery()).toEqual({ onBattery: false, percent: null });
    electron.battery = true;
    expect(await senses('linux').battery()).toEqual({ onBattery: true, percent: null });
  });

  test('elsewhere is Electron’s; its charge is asked for only while it is used, and once a minute', async () => {
    const app = senses('win32');
    expect(await app.battery()).toEqual({ onBattery: false, percent: null });
    expect(asked).toBe(0);
    electron.battery = true;
    for (let second = 0; second < 60; second += 10) {
      expect(await app.battery()).toEqual({ onBattery: true, percent: 43 });
      clock.paper.advance(10_000);
    }
    expect(asked).toBe(1);
    await app.battery();
    expect(asked).toBe(2);
  });
});

test('who uses the computer is what Electron says, unless it cannot', async () => {
  expect(await senses('linux').idleSeconds()).toBe(5);
  electron.idle = -1;
  expect(await senses('linux').idleSeconds()).toBeNull();
});

describe('heat', () => {
  test.each([
    ['nominal', false],
    ['fair', false],
    ['serious', true],
    ['critical', true],
    ['unknown', null],
  ] as const)('on macOS %s means %s', async (state, hot) => {
    electron.thermal = state;
    expect(await senses('darwin').hot()).toBe(hot);
  });

  test('a processor that the system slows down is hot, until it no longer does', async () => {
    const app = senses('win32');
    expect(await app.hot()).toBe(false);
    monitor.emit('speed-limit-change', { limit: 60 });
    expect(await app.hot()).toBe(true);
    monitor.emit('speed-limit-change', { limit: 100 });
    expect(await app.hot()).toBe(false);
  });

  test('on Linux is what the kernel says', async () => {
    system = { ...system, hot: () => true };
    expect(await senses('linux').hot()).toBe(true);
  });
});

test('what the system says by itself is passed on, to those who still listen', () => {
  const app = senses('darwin');
  const heard: SenseChange[] = [];
  const unsubscribe = app.onChange((what) => heard.push(what));
  const events = [
    'suspend',
    'resume',
    'lock-screen',
    'unlock-screen',
    'on-ac',
    'on-battery',
    'thermal-state-change',
    'shutdown',
  ];
  for (const event of events) monitor.emit(event, {});
  monitor.emit('speed-limit-change', { limit: 90 });
  unsubscribe();
  monitor.emit('suspend');
  expect(heard).toEqual(['suspend', 'resume', 'lock', 'unlock', 'power', 'power', 'heat', 'shutdown', 'heat']);
});

test('programs and full screen are asked of the system itself', async () => {
  expect(await senses('linux').runningPrograms(['blender', 'gimp'])).toEqual(['blender']);
  expect(await senses('linux').fullscreen()).toBeNull();
});
