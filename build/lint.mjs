/** `npm run lint`: the checks of `npm test` that run nothing. */

import { CHECKS, runCheck } from './lib/checks.mjs';
import { endLike } from './lib/child.mjs';
import { ROOT, setUpPackaging } from './setup.mjs';

const node = await setUpPackaging();
for (const check of node ? CHECKS : []) {
  const end = await runCheck(/** @type {string} */ (node), ROOT, check);
  if (end.code !== 0) endLike(end);
  if (end.signal) break;
}
