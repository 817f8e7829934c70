/** A data directory as a user left it who answered the first page a while ago. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, SETTINGS_VERSION, type Settings } from '../../../main/contract/settings.ts';

export function leaveSettings(directory: string, settings: Partial<Settings>, state: object = {}): void {
  const content = {
    version: SETTINGS_VERSION,
    settings: { ...DEFAULT_SETTINGS, digits: 100, ...settings },
    state: { firstStartDone: true, pausedByUser: false, snooze: null, ...state },
  };
  writeFileSync(join(directory, 'config.json'), JSON.stringify(content));
}
