/**
 * Whether the computer runs on its battery, and how much is left: on Linux from /sys/class/power_supply, on macOS from
 * pmset, on Windows from CIM. null where there is no battery or the system does not tell.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Battery } from '../edges.ts';
import { type Ask, askSystem } from './command.ts';

const SUPPLIES = '/sys/class/power_supply';

function read(folder: string, file: string): string | null {
  try {
    return readFileSync(join(folder, file), 'utf8').trim();
  } catch {
    return null;
  }
}

function readNumber(folder: string, files: readonly string[]): number | null {
  for (const file of files) {
    const text = read(folder, file);
    if (text !== null && /^\d+$/.test(text)) return Number(text);
  }
  return null;
}

/**
 * Batteries of the computer itself, not those of mice and headsets. Two of them count as one, by what they hold.
 * @param folder where the kernel shows its power supplies
 */
export function linuxBattery(folder: string = SUPPLIES): Battery | null {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return null;
  }
  let batteries = 0;
  let discharging = false;
  let mains = false;
  let now = 0;
  let full = 0;
  let percents = 0;
  let known = 0;
  for (const name of names) {
    const supply = join(folder, name);
    const type = read(supply, 'type');
    if (type === 'Mains' || type === 'USB') mains ||= read(supply, 'online') === '1';
    if (type !== 'Battery' || read(supply, 'scope') === 'Device' || read(supply, 'present') === '0') continue;
    batteries++;
    discharging ||= read(supply, 'status') === 'Discharging';
    const holds = readNumber(supply, ['energy_now', 'charge_now']);
    const most = readNumber(supply, ['energy_full', 'charge_full']);
    const percent = readNumber(supply, ['capacity']);
    if (holds !== null && most !== null) {
      now += holds;
      full += most;
    }
    if (percent !== null) {
      percents += percent;
      known++;
    }
  }
  if (batteries === 0) return null;
  const percent =
    batteries > 1 && full > 0 ? Math.round((100 * now) / full) : known > 0 ? Math.round(percents / known) : null;
  return {
    // one that is full or kept from charging is not discharged while the mains are on
    onBattery: discharging && !mains,
    percent: percent === null ? null : Math.min(100, percent),
  };
}

/** From `pmset -g batt`. */
export function readPmset(text: string): Battery | null {
  const source = /drawing from '([^']+)'/.exec(text)?.[1];
  const percent = /InternalBattery[^\n]*?(\d{1,3})%/.exec(text)?.[1];
  if (source === undefined || percent === undefined) return null;
  return { onBattery: source === 'Battery Power', percent: Number(percent) };
}

/** From CIM's Win32_Battery, "status percent" a line; status 1 is discharging. */
export function readCim(text: string): Battery | null {
  const lines = [...text.matchAll(/^\s*(\d+)\s+(\d{1,3})\s*$/gm)];
  if (lines.length === 0) return null;
  const percents = lines.map((line) => Number(line[2]));
  return {
    onBattery: lines.some((line) => line[1] === '1'),
    percent: Math.min(100, Math.round(percents.reduce((sum, percent) => sum + percent, 0) / percents.length)),
  };
}

const CIM = 'Get-CimInstance Win32_Battery | ForEach-Object { "$($_.BatteryStatus) $($_.EstimatedChargeRemaining)" }';

export async function systemBattery(
  platform: NodeJS.Platform = process.platform,
  ask: Ask = askSystem,
): Promise<Battery | null> {
  switch (platform) {
    case 'linux':
      return linuxBattery();
    case 'darwin': {
      const text = await ask('/usr/bin/pmset', ['-g', 'batt']);
      return text === null ? null : readPmset(text);
    }
    case 'win32': {
      const text = await ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', CIM]);
      return text === null ? null : readCim(text);
    }
    default:
      return null;
  }
}
