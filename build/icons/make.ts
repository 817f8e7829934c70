/**
 * `npm run icons`: renders the drawings to what systems want, with a Chromium that is installed (NICE19_CHROMIUM, or Debian's). The
 * files are kept in git, so that building the app needs no browser.
 *
 * `npm run icons -- --sheet FILE.png` also puts all of them on one picture, on light and dark ground, to be looked at.
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { icnsOf, icoOf, type Picture } from './containers.ts';
import { ICONS, ingredients, MADE, type Made, NOTE, STATES } from './list.ts';

const dataUrl = (type: string, content: Uint8Array): string =>
  `data:${type};base64,${Buffer.from(content).toString('base64')}`;

async function pictureOf(page: Page, drawing: string, size: number): Promise<Picture> {
  const source = dataUrl('image/svg+xml', readFileSync(join(ICONS, drawing)));
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}img{display:block}</style><img src="${source}" width="${size}" height="${size}">`,
  );
  return { size, png: await page.screenshot({ omitBackground: true }) };
}

async function contentOf(page: Page, { drawing, file, sizes }: Made): Promise<Uint8Array> {
  const pictures: Picture[] = [];
  for (const size of sizes) pictures.push(await pictureOf(page, drawing, size));
  if (file.endsWith('.ico')) return icoOf(pictures);
  return file.endsWith('.icns') ? icnsOf(pictures) : pictures[0]!.png;
}

const GROUNDS = ['#ffffff', '#f0f0f0', '#2b2b2b', '#000000'];

/** Every tray icon at the sizes of panels, on each ground, once as it is and once six times as large. */
async function sheet(browser: Browser, file: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1240, height: 1180 } });
  const images = (size: number, ground: string): string =>
    [...STATES, ...STATES.map((state) => `${state}-template`), 'app']
      .map((name) => ({ name, path: name === 'app' ? 'app/icon.svg' : `tray/${name}.svg` }))
      .map(({ name, path }) => {
        // macOS turns a template white on a dark bar.
        const inverted = name.endsWith('template') && /^#[0-3]/.test(ground) ? 'filter:invert(1)' : '';
        const source = dataUrl('image/svg+xml', readFileSync(join(ICONS, path)));
        return `<img src="${source}" width="${size}" height="${size}" style="${inverted}">`;
      })
      .join(' ');
  const strips: string[] = [];
  for (const ground of GROUNDS) {
    for (const size of [16, 22, 32]) {
      const strip = await browser.newPage({ viewport: { width: 260, height: 36 } });
      await strip.setContent(`<body style="margin:2px;background:${ground}">${images(size, ground)}`);
      const source = dataUrl('image/png', await strip.screenshot());
      await strip.close();
      strips.push(`<img src="${source}"><img src="${source}" width="${260 * 3.6}" style="image-rendering:pixelated">`);
    }
  }
  await page.setContent(
    `<body style="margin:0;line-height:0"><style>img{vertical-align:top}</style>${strips.map((strip) => `<div>${strip}</div>`).join('')}`,
  );
  await page.screenshot({ path: file, fullPage: true });
}

const browser = await chromium.launch({
  executablePath: process.env['NICE19_CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  const contents: [string, Uint8Array][] = [];
  for (const made of MADE) contents.push([join(ICONS, 'made', made.file), await contentOf(page, made)]);
  rmSync(join(ICONS, 'made'), { recursive: true, force: true });
  for (const [path, content] of contents) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  writeFileSync(NOTE, `${JSON.stringify(ingredients(), null, 2)}\n`);
  const [option, file] = process.argv.slice(2);
  if (option === '--sheet' && file !== undefined) await sheet(browser, resolve(file));
  process.stderr.write(`nice19: made ${MADE.length} files in build/icons/${basename(dirname(NOTE))}.\n`);
} finally {
  await browser.close();
}
