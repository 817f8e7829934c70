/**
 * A folder that electron-builder takes for an unpacked Electron for Linux, for checking the packaging where the real one cannot
 * be downloaded: its program does nothing, but it has a fuse wire in it, which electron-builder flips as in the real one.
 * What runs from a package made with it has run on no Electron.
 */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What marks the fuse wire in Electron's binary (@electron/fuses); version 1, nine fuses, all removed or off. */
const FUSE_WIRE = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1'),
  Buffer.from([1, 9]),
  Buffer.from('000000000', 'latin1'),
]);

export function makeStubElectron(folder: string, version: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const program = join(folder, 'electron');
  const sentence =
    'echo "This package was made with a stub in the place of Electron, to check the packaging; it cannot run." >&2';
  writeFileSync(
    program,
    Buffer.concat([Buffer.from(`#!/bin/sh\n${sentence}\nexit 1\n# `), FUSE_WIRE, Buffer.from('\n')]),
  );
  chmodSync(program, 0o755);
  writeFileSync(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), 'stub\n');
  for (const name of ['en-US', 'de']) writeFileSync(join(folder, 'locales', `${name}.pak`), 'stub');
}
