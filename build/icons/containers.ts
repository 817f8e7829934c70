/**
 * The files that hold one icon in several sizes: Windows' ICO and macOS' ICNS. Both may hold PNGs as they are, on every
 * system that Electron 45 runs on, so only the tables of contents are written here.
 *
 * Sources: "ICO (file format)" and "Apple Icon Image format" in Wikipedia, which give the tables that neither maker published.
 */

export interface Picture {
  /** Width and height in pixels. */
  readonly size: number;
  readonly png: Uint8Array;
}

/** @throws RangeError for a picture wider than 256 pixels, the largest that the format knows */
export function icoOf(pictures: readonly Picture[]): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt16LE(1, 2); // icons, not cursors
  head.writeUInt16LE(pictures.length, 4);
  let offset = 6 + 16 * pictures.length;
  const entries = pictures.map(({ size, png }) => {
    if (size > 256) throw new RangeError(`expected at most 256 pixels, got ${size}`);
    const entry = Buffer.alloc(16);
    entry.writeUInt8(size % 256, 0); // 0 means 256
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4); // planes
    entry.writeUInt16LE(32, 6); // bits a pixel
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([head, ...entries, ...pictures.map(({ png }) => png)]);
}

/** Types of entries by their pixels; those with two names are the same picture for a screen of double density. */
const ICNS_TYPES: Readonly<Record<number, readonly string[]>> = {
  32: ['ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** @throws RangeError for a size that the format has no name for */
export function icnsOf(pictures: readonly Picture[]): Buffer {
  const entries = pictures.flatMap(({ size, png }) => {
    const types = ICNS_TYPES[size];
    if (types === undefined) throw new RangeError(`expected 32, 64, 128, 256, 512 or 1024 pixels, got ${size}`);
    return types.map((type) => block(type, png));
  });
  return block('icns', Buffer.concat(entries));
}

function block(type: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([head, content]);
}
