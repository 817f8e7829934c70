/** The icons: made from the drawings as they are, whole, and readable on dark and light panels. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { icnsOf, icoOf } from '../../build/icons/containers.ts';
import { drawings, ICONS, ingredients, MADE, madeFrom, STATES } from '../../build/icons/list.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const read = (file: string): Buffer => readFileSync(join(ICONS, 'made', file));

/** Width of a PNG, by its header (PNG specification, 11.2.1). */
function widthOf(png: Buffer): number {
  expect(png.subarray(0, 8)).toEqual(SIGNATURE);
  expect(png.readUInt32BE(16)).toBe(png.readUInt32BE(20));
  return png.readUInt32BE(16);
}

/** The points of a PNG of eight bits with alpha, four numbers each, with the filters of rows undone. */
function pointsOf(png: Buffer): number[][] {
  expect([png[24], png[25], png[28]]).toEqual([8, 6, 0]);
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const data = inflateSync(Buffer.concat(parts));
  const row = 4 * widthOf(png);
  const bytes = Buffer.alloc((data.length / (row + 1)) * row);
  for (let at = 0; at < bytes.length; at++) {
    const [y, x] = [Math.floor(at / row), at % row];
    const left = x < 4 ? 0 : bytes[at - 4]!;
    const up = y === 0 ? 0 : bytes[at - row]!;
    const corner = x < 4 || y === 0 ? 0 : bytes[at - row - 4]!;
    const paeth = [left, up, corner].toSorted(
      (a, b) => Math.abs(left + up - corner - a) - Math.abs(left + up - corner - b),
    )[0]!;
    const predicted = [0, left, up, (left + up) >> 1, paeth][data[y * (row + 1)]!]!;
    bytes[at] = data[y * (row + 1) + 1 + x]! + predicted;
  }
  return Array.from({ length: bytes.length / 4 }, (_, i) => [...bytes.subarray(4 * i, 4 * i + 4)]);
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const parts = colour.match(/[0-9a-f]{2}/g)!.map((pair) => {
    const part = Number.parseInt(pair, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * parts[0]! + 0.7152 * parts[1]! + 0.0722 * parts[2]!;
}

const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
};

test('were made from the drawings as they are (npm run icons)', () => {
  expect(madeFrom()).toEqual(ingredients());
});

test('every drawing is used, and no other file was made', () => {
  expect(drawings().sort()).toEqual([...new Set(MADE.map(({ drawing }) => drawing))].sort());
  const files = ['app', 'package'].flatMap((folder) =>
    readdirSync(join(ICONS, 'made', folder)).map((name) => `${folder}/${name}`),
  );
  expect(files.sort()).toEqual(MADE.map(({ file }) => file).sort());
});

test.each(MADE)('$file holds $drawing in $sizes pixels', ({ file, sizes }) => {
  const content = read(file);
  const widths: number[] = [];
  for (let at = content.indexOf(SIGNATURE); at >= 0; at = content.indexOf(SIGNATURE, at + 1)) {
    widths.push(widthOf(content.subarray(at)));
  }
  expect([...new Set(widths)]).toEqual(sizes);
});

test('a template of macOS is black and alpha alone, opaque and transparent in parts', () => {
  for (const { file } of MADE.filter(({ drawing }) => drawing.endsWith('-template.svg'))) {
    const points = pointsOf(read(file));
    expect(points.filter(([red, green, blue, alpha]) => alpha! > 0 && red! + green! + blue! > 0)).toEqual([]);
    const alphas = points.map(([, , , alpha]) => alpha!);
    expect(alphas.filter((alpha) => alpha === 255).length).toBeGreaterThan(alphas.length / 4);
    expect(alphas[0]).toBe(0);
    expect(alphas.filter((alpha) => alpha < 128).length).toBeGreaterThan(alphas.length / 4);
  }
});

test('the states differ in what is drawn, not in colour alone', () => {
  const shapes = STATES.map((state) =>
    pointsOf(read(`app/tray${state[0]!.toUpperCase()}${state.slice(1)}Template.png`)).map(
      ([, , , alpha]) => alpha! > 127,
    ),
  );
  for (const [i, one] of shapes.entries()) {
    for (const other of shapes.slice(i + 1)) {
      expect(one.filter((point, at) => point !== other[at]).length).toBeGreaterThan(12);
    }
  }
});

// 3 : 1 is what WCAG 2.2 asks of signs (1.4.11). The grounds are the panels of Windows, GNOME, KDE in both themes.
test.each(STATES)('%s is readable on light and dark panels, and so is the sign in it', (state) => {
  const drawing = readFileSync(join(ICONS, `tray/${state}.svg`), 'utf8');
  const ground = /<circle cx="8" cy="8" r="8" fill="(#[0-9a-f]{6})"\/>/.exec(drawing)![1]!;
  for (const panel of ['#ffffff', '#f0f0f0', '#eff0f1', '#2a2e32', '#1c1c1c', '#000000']) {
    expect(contrast(ground, panel), panel).toBeGreaterThan(3);
  }
  expect(contrast(ground, '#ffffff')).toBeGreaterThan(4);
});

test('containers refuse sizes that the formats do not know', () => {
  const picture = { size: 300, png: SIGNATURE };
  expect(() => icoOf([picture])).toThrow('expected at most 256 pixels, got 300');
  expect(() => icnsOf([picture])).toThrow(RangeError);
});

test('a table of contents leads to every picture', () => {
  const pictures = [16, 256].map((size) => ({ size, png: Buffer.alloc(size, size % 251) }));
  const ico = icoOf(pictures);
  expect([...ico.subarray(0, 8)]).toEqual([0, 0, 1, 0, 2, 0, 16, 16]);
  for (const [i, { png }] of pictures.entries()) {
    const entry = ico.subarray(6 + 16 * i, 22 + 16 * i);
    const offset = entry.readUInt32LE(12);
    expect(ico.subarray(offset, offset + entry.readUInt32LE(8)).equals(png)).toBe(true);
  }
  const icns = icnsOf([{ size: 128, png: Buffer.from('picture') }]);
  expect(icns.toString('latin1')).toBe('icns\0\0\0\x17ic07\0\0\0\x0fpicture');
});
