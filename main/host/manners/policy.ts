/**
 * The manners together: which senses the settings need, what is seen with them, the pauses and the pace that follow, and when
 * to look again. Pure: readings and times come in.
 */

import type { Pause } from '../../contract/pause.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Battery } from '../edges.ts';
import { ACTIVITY_FIRST, type ActivityState, activityEnd, activityPause, lookAtActivity } from './activity.ts';
import { BATTERY_FIRST, BATTERY_TIMES, type BatteryState, batteryPause, lookAtBattery } from './battery.ts';
import { FULLSCREEN_TIMES, fullscreenPause, lookAtFullscreen } from './fullscreen.ts';
import { HEAT_TIMES, heatPause, lookAtHeat } from './heat.ts';
import { LATCH_OFF, type Latch, latchTurnsAt } from './latch.ts';
import { paceDependsOnActivity } from './pace.ts';
import { lookAtPrograms, PROGRAMS_FIRST, PROGRAMS_TIMES, type ProgramsState, programsPause } from './programs.ts';

export const SENSES = ['battery', 'activity', 'fullscreen', 'programs', 'heat'] as const;
export type Sense = (typeof SENSES)[number];

/** What the senses said; null: the system cannot tell. */
export interface Readings {
  readonly battery: Battery | null;
  /** Seconds since the last use. */
  readonly activity: number | null;
  readonly fullscreen: boolean | null;
  readonly programs: readonly string[] | null;
  readonly heat: boolean | null;
}

export interface Seen {
  readonly battery: BatteryState;
  readonly activity: ActivityState;
  readonly fullscreen: Latch;
  readonly programs: ProgramsState;
  readonly heat: Latch;
}

export const NOTHING_SEEN: Seen = {
  battery: BATTERY_FIRST,
  activity: ACTIVITY_FIRST,
  fullscreen: LATCH_OFF,
  programs: PROGRAMS_FIRST,
  heat: LATCH_OFF,
};

/** The senses that make a difference, with these settings on a computer of so many cores. */
export function sensesNeeded(settings: Settings, cores: number): Sense[] {
  const needed: Readonly<Record<Sense, boolean>> = {
    battery: settings.onBattery !== 'run',
    activity: settings.pauseWhileActive || paceDependsOnActivity(settings, cores),
    fullscreen: settings.pauseForFullscreen,
    programs: settings.pauseForPrograms.length > 0,
    heat: settings.pauseWhenHot,
  };
  return SENSES.filter((sense) => needed[sense]);
}

/** What is seen now: with the readings there are; a sense that is not needed has seen nothing. @param steady milliseconds */
export function see(
  previous: Seen,
  readings: Partial<Readings>,
  settings: Settings,
  needed: readonly Sense[],
  steady: number,
): Seen {
  const step = <S extends Sense>(sense: S, look: (reading: Readings[S]) => Seen[S]): Seen[S] => {
    if (!needed.includes(sense)) return NOTHING_SEEN[sense];
    const reading = readings[sense];
    return reading === undefined ? previous[sense] : look(reading as Readings[S]);
  };
  const minutes = settings.activeMinutes;
  return {
    battery: step('battery', (reading) => lookAtBattery(previous.battery, reading, settings, steady)),
    activity: step('activity', (reading) => lookAtActivity(previous.activity, reading, minutes, steady)),
    fullscreen: step('fullscreen', (reading) => lookAtFullscreen(previous.fullscreen, reading, steady)),
    programs: step('programs', (reading) => lookAtPrograms(previous.programs, reading, steady)),
    heat: step('heat', (reading) => lookAtHeat(previous.heat, reading, steady)),
  };
}

/** The pauses that what is seen gives, by the sense that saw it. */
export function pausesOf(seen: Seen, settings: Settings): (readonly [Sense, Pause])[] {
  const pauses: Readonly<Record<Sense, Pause | null>> = {
    battery: batteryPause(seen.battery, settings),
    activity: settings.pauseWhileActive ? activityPause(seen.activity) : null,
    fullscreen: fullscreenPause(seen.fullscreen),
    programs: programsPause(seen.programs),
    heat: heatPause(seen.heat),
  };
  return SENSES.flatMap((sense) => {
    const pause = pauses[sense];
    return pause === null ? [] : [[sense, pause] as const];
  });
}

/** Milliseconds between two looks with a sense, while nothing says that what it sees will change before. */
const LOOK_EVERY: Readonly<Record<Sense, { readonly whileNot: number; readonly whileSo: number }>> = {
  battery: { whileNot: 30_000, whileSo: 30_000 },
  activity: { whileNot: 10_000, whileSo: 60_000 },
  fullscreen: { whileNot: 10_000, whileSo: 30_000 },
  programs: { whileNot: 10_000, whileSo: 30_000 },
  heat: { whileNot: 30_000, whileSo: 60_000 },
};
export const SHORTEST_LOOK_MS = 10_000;

/** How long until the next look with these senses, in milliseconds; null: without any there is none. */
export function nextLook(seen: Seen, settings: Settings, senses: readonly Sense[], steady: number): number | null {
  if (senses.length === 0) return null;
  const due = senses.map((sense) => {
    const every = LOOK_EVERY[sense][holds(seen, sense) ? 'whileSo' : 'whileNot'];
    const turn = turnsAt(seen, settings, sense);
    return turn === null ? every : Math.min(every, turn - steady);
  });
  return Math.max(SHORTEST_LOOK_MS, Math.min(...due));
}

function holds(seen: Seen, sense: Sense): boolean {
  switch (sense) {
    case 'battery':
    case 'programs':
      return seen[sense].latch.on;
    case 'activity':
      return seen.activity.active;
    case 'fullscreen':
    case 'heat':
      return seen[sense].on;
  }
}

/** When what a sense sees changes if it goes on saying the same. */
function turnsAt(seen: Seen, settings: Settings, sense: Sense): number | null {
  switch (sense) {
    case 'battery':
      return latchTurnsAt(seen.battery.latch, BATTERY_TIMES);
    case 'activity':
      return seen.activity.active ? activityEnd(seen.activity.lastUse, settings.activeMinutes) : null;
    case 'fullscreen':
      return latchTurnsAt(seen.fullscreen, FULLSCREEN_TIMES);
    case 'programs':
      return latchTurnsAt(seen.programs.latch, PROGRAMS_TIMES);
    case 'heat':
      return latchTurnsAt(seen.heat, HEAT_TIMES);
  }
}
