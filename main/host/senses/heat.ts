/**
 * Whether the computer is so hot that the system slows it down: on Linux a thermal zone is at one of its trip points. The
 * kernel's documentation (driver-api/thermal/sysfs-api): at `passive` the processor is slowed down, `hot` and `critical` come after.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Thousandths of a degree. Lower trip points are not set, or of something else than a processor under load. */
const LOWEST_TRIP = 55_000;

function readNumber(file: string): number | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^-?\d+$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

/** @returns null where no zone has a trip point that counts */
export function linuxHot(folder = '/sys/class/thermal'): boolean | null {
  let zones: string[];
  try {
    zones = readdirSync(folder).filter((name) => name.startsWith('thermal_zone'));
  } catch {
    return null;
  }
  let told = false;
  for (const name of zones) {
    const zone = join(folder, name);
    const temperature = readNumber(join(zone, 'temp'));
    if (temperature === null) continue;
    for (let trip = 0; trip < 16; trip++) {
      let type: string;
      try {
        type = readFileSync(join(zone, `trip_point_${trip}_type`), 'utf8').trim();
      } catch {
        break;
      }
      const at = readNumber(join(zone, `trip_point_${trip}_temp`));
      if (!['passive', 'hot', 'critical'].includes(type) || at === null || at < LOWEST_TRIP) continue;
      told = true;
      if (temperature >= at) return true;
    }
  }
  return told ? false : null;
}
