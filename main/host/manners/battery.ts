/**
 * On battery: always, or when less than so many percent are left. Where nobody knows how many are left it is taken for too
 * little. It ends when the computer has been plugged in for a while (a loose plug is none), or charged to five points above.
 */

import type { Pause } from '../../contract/pause.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Battery } from '../edges.ts';
import { LATCH_OFF, type Latch, type LatchTimes, latch } from './latch.ts';

export interface BatteryState {
  readonly latch: Latch;
  /** As it was last seen. */
  readonly percent: number | null;
}

export const BATTERY_FIRST: BatteryState = { latch: LATCH_OFF, percent: null };
export const BATTERY_TIMES: LatchTimes = { beginsAfter: 0, endsAfter: 30_000, least: 0 };
const POINTS_ABOVE = 5;

type BatterySettings = Pick<Settings, 'onBattery' | 'batteryBelow'>;

export function lookAtBattery(
  previous: BatteryState,
  reading: Battery | null,
  settings: BatterySettings,
  steady: number,
): BatteryState {
  const seen = reading?.onBattery === true && isTooLittle(reading.percent, settings, previous.latch.on);
  return { latch: latch(previous.latch, seen, steady, BATTERY_TIMES), percent: reading?.percent ?? null };
}

function isTooLittle(percent: number | null, { onBattery, batteryBelow }: BatterySettings, paused: boolean): boolean {
  if (onBattery === 'run') return false;
  if (onBattery === 'pause' || percent === null) return true;
  // A full battery is full.
  return percent < Math.min(batteryBelow + (paused ? POINTS_ABOVE : 0), 100);
}

export function batteryPause({ latch: { on }, percent }: BatteryState, settings: BatterySettings): Pause | null {
  if (!on) return null;
  const left = percent === null ? '' : ` (${Math.round(percent)} %)`;
  const sentence =
    settings.onBattery === 'pause-below' ? `on battery, below ${settings.batteryBelow} %${left}` : `on battery${left}`;
  return { reason: 'battery', sentence, until: null };
}
