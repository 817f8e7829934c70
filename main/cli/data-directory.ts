/** Where the search lives unless --data says otherwise: the desktop app's user data directory. */

import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'nice19';

/** The same rule as Electron's `app.getPath('userData')`. */
export function defaultDataDirectory(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', NAME);
    case 'win32':
      return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), NAME);
    default:
      return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), NAME);
  }
}
