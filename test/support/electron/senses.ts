/** powerMonitor, nativeTheme and screen: they say what the test lets the computer's senses say. */

import { EventEmitter } from 'node:events';
import { complete } from './complete.ts';
import { type Senses, senses } from './desktop.ts';

class StandInPowerMonitor
  extends EventEmitter
  implements
    Pick<
      Electron.PowerMonitor,
      'getSystemIdleState' | 'getSystemIdleTime' | 'getCurrentThermalState' | 'isOnBatteryPower' | 'onBatteryPower'
    >
{
  getSystemIdleState(threshold: number): 'active' | 'idle' | 'locked' | 'unknown' {
    if (senses.locked) return 'locked';
    return senses.idleSeconds >= threshold ? 'idle' : 'active';
  }

  getSystemIdleTime(): number {
    return senses.idleSeconds;
  }

  getCurrentThermalState(): Senses['thermalState'] {
    return senses.thermalState;
  }

  isOnBatteryPower(): boolean {
    return senses.onBattery;
  }

  get onBatteryPower(): boolean {
    return senses.onBattery;
  }
}

class StandInNativeTheme
  extends EventEmitter
  implements Pick<Electron.NativeTheme, 'shouldUseDarkColors' | 'themeSource'>
{
  themeSource: 'system' | 'light' | 'dark' = 'system';

  get shouldUseDarkColors(): boolean {
    return this.themeSource === 'system' ? senses.dark : this.themeSource === 'dark';
  }
}

export const powerMonitor = new StandInPowerMonitor();
export const nativeTheme = new StandInNativeTheme();

const area = { x: 0, y: 0, width: 1280, height: 800 };
const display = complete<Electron.Display>('Display', {
  id: 1,
  bounds: area,
  workArea: area,
  workAreaSize: area,
  size: area,
  scaleFactor: 1,
} satisfies Partial<Electron.Display>);

class StandInScreen
  extends EventEmitter
  implements Pick<Electron.Screen, 'getPrimaryDisplay' | 'getAllDisplays' | 'getDisplayMatching'>
{
  getPrimaryDisplay = () => display;
  getAllDisplays = () => [display];
  getDisplayMatching = () => display;
}

export const screen = new StandInScreen();
