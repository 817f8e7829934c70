/** What the search is doing, in a few words, and what helps when it does not run. */

import type { Now } from '../../main/contract/now.ts';
import type { Pause, PauseReason } from '../../main/contract/pause.ts';
import type { SettingName } from '../../main/contract/settings.ts';
import { until } from './numbers.ts';

export type Tone = 'running' | 'paused' | 'attention';

export interface StateWords {
  readonly title: string;
  readonly tone: Tone;
}

export function stateWords(now: Now | null, connected: boolean): StateWords {
  if (!connected) return { title: 'No connection', tone: 'attention' };
  if (now === null) return { title: 'One moment', tone: 'paused' };
  switch (now.state) {
    case 'starting':
      return { title: 'Starting', tone: 'paused' };
    case 'running':
      return { title: 'Searching', tone: now.problem === null ? 'running' : 'attention' };
    case 'paused':
      return {
        title: 'Paused',
        tone: now.pauses.some(({ reason }) => reason === 'cannot-save') ? 'attention' : 'paused',
      };
    case 'ending':
      return { title: 'Saving and ending', tone: 'paused' };
    case 'stopped':
      return { title: 'Stopped', tone: 'attention' };
  }
}

/** "On battery (43 %), until 18:30". */
export function pauseSentence({ sentence, until: end }: Pause, wall: number): string {
  const said = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return end === null ? `${said}.` : `${said}, until ${until(end, wall)}.`;
}

/** What ends a pause: a command, a setting, or what the user does outside. */
export type Help =
  | { readonly kind: 'resume' }
  | { readonly kind: 'setting'; readonly setting: SettingName }
  | { readonly kind: 'outside'; readonly sentence: string };

export function helpFor(reason: PauseReason): Help {
  switch (reason) {
    case 'user':
    case 'snooze':
      return { kind: 'resume' };
    case 'battery':
      return { kind: 'setting', setting: 'onBattery' };
    case 'user-active':
      return { kind: 'setting', setting: 'pauseWhileActive' };
    case 'fullscreen':
      return { kind: 'setting', setting: 'pauseForFullscreen' };
    case 'program':
      return { kind: 'setting', setting: 'pauseForPrograms' };
    case 'schedule':
      return { kind: 'setting', setting: 'schedule' };
    case 'heat':
      return { kind: 'setting', setting: 'pauseWhenHot' };
    case 'cannot-save':
      return {
        kind: 'outside',
        sentence: 'Make room on the disk or let nice19 write to its folder; it then goes on by itself.',
      };
  }
}

/** What a worker does, by the name that the search has for it. */
export function stageWords(stage: string): string {
  switch (stage) {
    case 'sieve':
      return 'Sieving a block';
    case 'screen':
      return 'Screening';
    case 'rounds':
      return 'Rabin rounds';
    case 'lucas':
      return 'Lucas test';
    case 'check':
      return 'Checking with another kernel';
    default:
      return 'Waiting';
  }
}

export const PAUSE_NAMES: Readonly<Record<PauseReason, string>> = {
  user: 'Paused by you',
  snooze: 'Snoozed',
  battery: 'On battery',
  'user-active': 'While you were active',
  fullscreen: 'Full screen',
  program: 'For a program',
  schedule: 'Outside the schedule',
  heat: 'Too hot',
  'cannot-save': 'Could not save',
};
