/**
 * Starts the packaged main process on the Electron stand-in (test/support/electron), as far as its tray: what the bundler and
 * the packer made of it loads, finds its icons, its preload and its cruncher, and ends when it is told to. It has run on the
 * stand-in then, not on Electron.
 */

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { extractAll } from '@electron/asar';
import { StandInDesktop } from '../../test/support/electron/stand-in.ts';

export interface FirstStart {
  /** The tray's icon, a path. */
  readonly icon: string;
  /** The first line of its menu. */
  readonly line: string;
  /** Exit code after SIGTERM; null: a signal ended it. */
  readonly code: number | null;
}

/**
 * @param resources the package's folder with app.asar
 * @param scratch an empty folder
 */
export async function firstStart(resources: string, scratch: string): Promise<FirstStart> {
  // Node cannot read archives: a folder of that name stands for it, and beside it lies what lay beside it.
  const archive = join(scratch, 'app.asar');
  mkdirSync(archive, { recursive: true });
  extractAll(join(resources, 'app.asar'), archive);
  cpSync(join(resources, 'app.asar.unpacked'), join(scratch, 'app.asar.unpacked'), { recursive: true });
  const desktop = await StandInDesktop.open();
  try {
    const { process: child, ended } = desktop.start(['--hidden', '--data', join(scratch, 'data')], {
      ELECTRON_STAND_IN_PACKAGED: '1',
      ELECTRON_STAND_IN_APP: archive,
      HOME: scratch,
      XDG_CONFIG_HOME: join(scratch, 'config'),
    });
    const early = ended.then(({ err }) => {
      throw new Error(`The packaged program ended before it showed its tray: ${err.trim()}`);
    });
    early.catch(() => {});
    const app = await Promise.race([desktop.process(0), early]);
    const tray = await app
      .until('the tray with its menu', ({ trays }) => trays.find(({ menu }) => menu.length > 0))
      .catch((error: unknown) =>
        child.exitCode === null && child.signalCode === null ? Promise.reject(error) : early,
      );
    child.kill('SIGTERM');
    const { code } = await ended;
    return { icon: tray.image, line: tray.menu[0]?.label ?? '', code };
  } finally {
    await desktop.close();
  }
}
