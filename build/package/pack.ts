/** Makes packages by electron-builder, from a checkout whose `out/` is there. */

import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Arch, build, type Configuration, Platform } from 'electron-builder';
import { configuration } from './config.ts';
import { NAME } from './identity.ts';
import { makeStubElectron } from './stub-electron.ts';

/** The Electron that the checkout is written for. */
export function electronVersion(root: string): string {
  const { devDependencies, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return (devDependencies?.electron ?? dependencies.electron) as string;
}

/** What the check looks at. */
export interface Unpacked {
  /** The program's folder, as it would be installed. */
  readonly folder: string;
  /** Where Debian's package puts something that is there. */
  readonly places: readonly string[];
  /** The menu entry. */
  readonly desktopEntry: string;
}

/**
 * Everything that goes into a Debian package, but not the package itself, whose tools are a download; on a stub of Electron.
 * @param output an empty folder
 */
export async function packOnStub(root: string, output: string): Promise<Unpacked> {
  const version = electronVersion(root);
  const electronDist = join(output, 'stub');
  makeStubElectron(electronDist, version);
  const config: Configuration = {
    ...configuration({}),
    directories: { output, buildResources: 'build/package' },
    electronDist,
    electronVersion: version,
  };
  const desktopEntry = join(output, `${NAME}.desktop`);
  const places: string[] = [];
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('deb', Arch.x64),
    config,
    // Told what would be packed; true: that was all.
    effectiveOptionComputed: async ([args, entry]: [string[], string]) => {
      copyFileSync(entry, desktopEntry);
      for (const arg of args) {
        const pair = /^(.+)=(\/usr\/.+|\/opt\/.+)$/.exec(arg);
        if (pair && existsSync(resolve(root, pair[1]!))) places.push(pair[2]!);
      }
      return true;
    },
  });
  return { folder: join(output, 'linux-unpacked'), places, desktopEntry };
}

/** Packages and installers for the system this runs on. */
export async function packForThisSystem(root: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const config = { ...configuration(env), electronVersion: electronVersion(root) };
  return await build({
    projectDir: root,
    targets: Platform.current().createTarget(null, Arch.x64, Arch.arm64),
    config,
  });
}
