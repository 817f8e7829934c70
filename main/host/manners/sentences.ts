/** What people are told of pauses: how each ends, for somebody who asked for it to; and why one never begins. */

import type { Pause } from '../../contract/pause.ts';
import { SETTING_TEXTS } from '../../contract/settings.ts';
import type { Sense } from './policy.ts';

/** One sentence. */
export function howItEnds({ reason, sentence }: Pause): string {
  switch (reason) {
    case 'user':
    case 'snooze':
      return 'It goes on when you resume it.';
    case 'battery':
      return `It is ${sentence}: it goes on when the computer is plugged in or charged, or change "${SETTING_TEXTS.onBattery.label}" in the settings.`;
    case 'user-active':
      return `It goes on when nobody has used the computer for a while, or change "${SETTING_TEXTS.pauseWhileActive.label}" in the settings.`;
    case 'fullscreen':
      return `It goes on when no program fills the screen, or change "${SETTING_TEXTS.pauseForFullscreen.label}" in the settings.`;
    case 'program':
      return `It goes on soon after that: ${sentence}. "${SETTING_TEXTS.pauseForPrograms.label}" in the settings says which.`;
    case 'schedule':
      return `It goes on when its hours begin; "${SETTING_TEXTS.schedule.label}" in the settings says when.`;
    case 'heat':
      return `It goes on when the computer has cooled, or change "${SETTING_TEXTS.pauseWhenHot.label}" in the settings.`;
    case 'cannot-save':
      return 'It goes on by itself when the disk takes what was found: see whether it is full or read-only.';
  }
}

/** A setting that has no effect, one sentence. */
export function whyBlind(sense: Sense): string {
  switch (sense) {
    case 'activity':
      return 'What is set for while you are active has no effect here: the system does not tell when keyboard and mouse were used.';
    case 'fullscreen':
      return `"${SETTING_TEXTS.pauseForFullscreen.label}" has no effect here: the system does not tell what fills the screen.`;
    case 'programs':
      return `"${SETTING_TEXTS.pauseForPrograms.label}" has no effect here: the system does not tell which programs run.`;
    case 'battery':
    case 'heat':
      return 'The system does not tell about its battery or its heat.';
  }
}
