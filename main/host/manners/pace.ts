/** How hard to work: cores that compute, fewer while somebody uses the computer, and the share of their time. */

import type { Settings } from '../../contract/settings.ts';

export interface Pace {
  readonly workers: number;
  /** 0.1 to 1. */
  readonly share: number;
}

export type PaceSettings = Pick<Settings, 'cores' | 'coresWhileActive' | 'cpuShare'>;

/** @param cores of the computer */
export function paceOf(
  { cores: wanted, coresWhileActive, cpuShare }: PaceSettings,
  active: boolean,
  cores: number,
): Pace {
  const usual = Math.min(wanted ?? cores, cores);
  const workers = active && coresWhileActive !== null ? Math.min(coresWhileActive, usual) : usual;
  return { workers, share: cpuShare / 100 };
}

/** Whether it makes a difference that somebody uses the computer. */
export function paceDependsOnActivity(settings: PaceSettings, cores: number): boolean {
  return paceOf(settings, true, cores).workers !== paceOf(settings, false, cores).workers;
}
