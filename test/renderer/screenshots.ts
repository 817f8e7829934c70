/**
 * `npm run screenshots`: pictures of every view of the window, light and dark, at 900×600 and 360 px wide, with fixed data,
 * in artifacts/screenshots/. To be looked at.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openChromium } from './support/chromium.ts';
import { VIEWS } from './support/views.ts';

const FOLDER = fileURLToPath(new URL('../../artifacts/screenshots', import.meta.url));
const only = process.argv[2];

await mkdir(FOLDER, { recursive: true });
const window = await openChromium();
try {
  for (const view of VIEWS) {
    if (only && !view.name.includes(only)) continue;
    for (const theme of ['light', 'dark'] as const) {
      for (const [width, height] of [
        [900, 600],
        [360, 640],
      ] as const) {
        const { page, close } = await window.look({ ...view, theme, width, height });
        await view.ready(page);
        await page.screenshot({ path: join(FOLDER, `${view.name}-${theme}-${width}.png`), fullPage: width === 360 });
        await close();
      }
    }
  }
} finally {
  await window.close();
}
process.stdout.write(`${FOLDER}\n`);
