/**
 * `npm run build`: makes out/ if the sources changed. A checkout needs it for the desktop app and the window only.
 */

import { bundle } from './bundle/bundle.ts';

// A window for development is another one.
delete process.env['NODE_ENV'];
const started = performance.now();
const made = await bundle();
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stderr.write(`nice19: ${made ? `made out/ in ${seconds} s.` : 'out/ is up to date.'}\n`);
