/** Where Electron keeps what on Linux: the XDG directories, and what `--user-data-dir` says. */

import { mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

type PathName = Parameters<Electron.App['getPath']>[0];

const home = (): string => process.env['HOME'] || homedir();
const configHome = (): string => process.env['XDG_CONFIG_HOME'] || join(home(), '.config');

/** A directory of the user's as xdg-user-dirs names it, else in the home directory. */
function userDirectory(name: string, fallback: string): string {
  try {
    const text = readFileSync(join(configHome(), 'user-dirs.dirs'), 'utf8');
    const value = new RegExp(`^XDG_${name}_DIR="(.*)"$`, 'm').exec(text)?.[1];
    if (value) return value.replace('$HOME', home());
  } catch {
    // Few servers have the file.
  }
  return join(home(), fallback);
}

export class Paths {
  private readonly set = new Map<string, string>();
  private readonly executable: string;
  private readonly appName: () => string;
  private readonly userDataSwitch: string;

  constructor(options: { executable: string; appName: () => string; userDataSwitch: string }) {
    this.executable = options.executable;
    this.appName = options.appName;
    this.userDataSwitch = options.userDataSwitch;
  }

  /** @throws for a path that is not absolute, as Electron does */
  put(name: string, path: string): void {
    if (resolve(path) !== path) throw new Error('Path must be absolute');
    mkdirSync(path, { recursive: true });
    this.set.set(name, path);
  }

  get(name: PathName): string {
    return this.set.get(name) ?? this.usual(name);
  }

  private usual(name: PathName): string {
    switch (name) {
      case 'home':
        return home();
      case 'appData':
        return configHome();
      case 'userData':
        return this.userDataSwitch === '' ? join(this.get('appData'), this.appName()) : resolve(this.userDataSwitch);
      case 'sessionData':
        return this.get('userData');
      case 'logs':
        return join(this.get('userData'), 'logs');
      case 'crashDumps':
        return join(this.get('userData'), 'Crashpad');
      case 'temp':
        return tmpdir();
      case 'exe':
      case 'module':
        return this.executable;
      case 'desktop':
        return userDirectory('DESKTOP', 'Desktop');
      case 'documents':
        return userDirectory('DOCUMENTS', 'Documents');
      case 'downloads':
        return userDirectory('DOWNLOAD', 'Downloads');
      case 'music':
        return userDirectory('MUSIC', 'Music');
      case 'pictures':
        return userDirectory('PICTURES', 'Pictures');
      case 'videos':
        return userDirectory('VIDEOS', 'Videos');
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }
}
