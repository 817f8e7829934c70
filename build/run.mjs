/**
 * `node build/run.mjs FILE [ARGUMENTS]`: runs a TypeScript program of the checkout, such as a campaign of tests, with the
 * right Node. Sets up what is missing first.
 */

import { join } from 'node:path';
import { launch } from './nice19.mjs';
import { ROOT, setUp } from './setup.mjs';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) throw new Error('expected the path of a program in the checkout');
const node = await setUp();
if (node) await launch(node, join(ROOT, file), args);
