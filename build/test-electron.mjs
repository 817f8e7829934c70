/**
 * `npm run test:electron`: the end-to-end tests that need the real Electron, on a machine that has it or can download it: a
 * developer's own, or a CI with a network (on Linux under xvfb-run). Elsewhere it says why and fails.
 */

import { endLike } from './lib/child.mjs';
import { findElectron } from './lib/electron.mjs';
import { ROOT, say, setUp } from './setup.mjs';
import { test } from './test.mjs';

const node = await setUp();
if (node) {
  const electron = await findElectron(node, ROOT, say);
  if ('why' in electron) {
    say(`no tests on Electron: ${electron.why}.`);
    process.exitCode = 1;
  } else {
    say(`testing on ${electron.program}.`);
    endLike(await test(node, ['test/end-to-end/app', '-t', 'on Electron', ...process.argv.slice(2)], []));
  }
}
