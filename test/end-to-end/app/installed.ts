/** The app in a folder of its own, as a package has it: what was bundled, and its manifest. A new bundle leaves it alone. */

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBundle } from '../../../build/lib/bundle.mjs';
import { ROOT } from '../../support/files.ts';

/** @returns the folder @throws where the sources cannot be bundled */
export async function install(folder: string): Promise<string> {
  const problem = await ensureBundle(process.execPath, ROOT);
  if (problem !== undefined) throw new Error(`There is no app: ${problem}`);
  await cp(join(ROOT, 'out'), join(folder, 'out'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return folder;
}
