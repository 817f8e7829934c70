/** `node build/package.mjs FILE [ARGUMENTS]`: runs a program of build/package, after setting up what only packaging needs. */

import { join } from 'node:path';
import { launch } from './nice19.mjs';
import { ROOT, setUpPackaging } from './setup.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new Error('expected the path of a program in the checkout');
const node = await setUpPackaging();
if (node) await launch(node, join(ROOT, file), args);
