/** Pictures of a view as it stands: light and dark, at 900×600 and 360 px wide, in artifacts/screenshots/. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

export const PICTURES = fileURLToPath(new URL('../../../artifacts/screenshots', import.meta.url));

const SIZES = [
  { width: 900, height: 600 },
  { width: 360, height: 640 },
];

export async function takePictures(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.evaluate('scrollTo(0, 0)');
      await page.screenshot({
        path: join(PICTURES, `${name}-${theme}-${size.width}.png`),
        fullPage: size.width === 360 && !name.startsWith('dialog'),
        animations: 'disabled',
      });
    }
  }
}
