/**
 * `npm run screenshots`: pictures of every view of the window with fixed data, in artifacts/screenshots/. To be looked at.
 * With an argument, only of the views whose names hold it.
 */

import { openChromium } from './support/chromium.ts';
import { PICTURES, takePictures } from './support/pictures.ts';
import { VIEWS } from './support/views.ts';

const only = process.argv[2] ?? '';
const window = await openChromium();
try {
  for (const view of VIEWS.filter(({ name }) => name.includes(only))) {
    const { page, close } = await window.look(view);
    await view.ready(page);
    await takePictures(page, view.name);
    await close();
  }
} finally {
  await window.close();
}
process.stdout.write(`${PICTURES}\n`);
