/** What jobs carry with them: the program as one file, and Node. `npm run bundle` makes both, in `bundle/`. */

import { constants, copyFileSync, existsSync, linkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ARCHITECTURES, type Architecture, type Carried, nodeFile } from '../../pool/description.ts';
import { PROGRAM_FILE } from '../../pool/plan.ts';

/** In the bundle, the folder that it lies in. */
const FOLDER = fileURLToPath(new URL('../../../bundle/', import.meta.url));
const PROGRAM = join(FOLDER, PROGRAM_FILE);

/** This computer's, as HTCondor calls it, if it runs Linux. */
const HERE: Architecture | null =
  process.platform !== 'linux' ? null : process.arch === 'x64' ? 'X86_64' : process.arch === 'arm64' ? 'aarch64' : null;

/** Where Node for a kind of computer is: made for carrying, or the one that runs this. */
function nodeFor(architecture: Architecture): string | null {
  const made = join(FOLDER, nodeFile(architecture));
  if (existsSync(made)) return made;
  return architecture === HERE ? process.execPath : null;
}

/**
 * What there is to carry.
 * @param node it is on the computers, and only the program is carried
 * @returns null where the program has not been made
 */
export function whatIsCarried(node: string | null): Carried | null {
  if (!existsSync(PROGRAM)) return null;
  const program = statSync(PROGRAM).size;
  if (node !== null) return { architectures: ARCHITECTURES, bytes: program };
  const nodes = ARCHITECTURES.map((name) => [name, nodeFor(name)] as const).filter(([, file]) => file !== null);
  const largest = Math.max(0, ...nodes.map(([, file]) => statSync(file as string).size));
  return { architectures: nodes.map(([name]) => name), bytes: program + largest };
}

/** Puts it into the pool's folder; nothing is copied where a second name will do. */
export function carryInto(folder: string, { architectures }: Carried, node: string | null): void {
  copyFileSync(PROGRAM, join(folder, PROGRAM_FILE));
  if (node !== null) return;
  for (const architecture of architectures) {
    const [from, to] = [nodeFor(architecture) as string, join(folder, nodeFile(architecture))];
    rmSync(to, { force: true });
    try {
      linkSync(from, to);
    } catch {
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
    }
  }
}
