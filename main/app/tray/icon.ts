/** Which of the icons (build/icons) the tray shows. */

import { join } from 'node:path';
import type { Now } from '../../contract/now.ts';

export type TrayState = 'running' | 'paused' | 'attention';

export function trayState(now: Now, firstStart: boolean): TrayState {
  // what needs the user comes before what the search does
  if (now.problem !== null || now.state === 'stopped') return 'attention';
  return now.state === 'paused' || now.state === 'ending' || firstStart ? 'paused' : 'running';
}

/** macOS colours template images itself, by their name; Linux scales one image to its panel, Windows chooses from the sizes in one. */
export function trayIcon(state: TrayState, platform: NodeJS.Platform, folder: string): string {
  switch (platform) {
    case 'darwin':
      return join(folder, `tray${state[0]?.toUpperCase()}${state.slice(1)}Template.png`);
    case 'win32':
      return join(folder, `tray-${state}.ico`);
    default:
      return join(folder, `tray-${state}-32.png`);
  }
}
