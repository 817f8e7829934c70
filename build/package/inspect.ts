/** Reads back what was packed: the archive's files and the fuses. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type { PackedFile } from './contents.ts';

/** @param resources the folder with app.asar */
export function packedFiles(resources: string): PackedFile[] {
  const archive = join(resources, 'app.asar');
  const packed: PackedFile[] = [];
  for (const name of listPackage(archive, { isPack: false })) {
    const path = name.replace(/^[/\\]/, '');
    const entry = statFile(archive, path, false);
    if ('files' in entry) continue;
    const unpacked = 'unpacked' in entry && entry.unpacked === true;
    packed.push({ path: path.replaceAll(sep, '/'), unpacked, content: extractFile(archive, path, false) });
  }
  return packed;
}

/** Names in a folder: what lies beside the archive too. */
export const namesIn = (folder: string): string[] => readdirSync(folder).sort();

/** What Electron's security rests on (electronFuses in config.ts), in the names of @electron/fuses. */
export const FUSES: Readonly<Partial<Record<keyof typeof FuseV1Options, boolean>>> = {
  RunAsNode: false,
  EnableCookieEncryption: false,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

export interface Fuse {
  readonly name: string;
  readonly wanted: boolean;
  readonly is: boolean;
}

/** @param program of the package */
export async function fusesOf(program: string): Promise<Fuse[]> {
  const wire = await getCurrentFuseWire(program);
  return Object.entries(FUSES).map(([name, wanted]) => {
    const state = wire[FuseV1Options[name as keyof typeof FuseV1Options]];
    return { name, wanted, is: state === FuseState.ENABLE };
  });
}

export const isStub = (program: string): boolean =>
  readFileSync(program).includes('with a stub in the place of Electron');
