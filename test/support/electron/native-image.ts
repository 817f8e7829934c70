/** Images: not decoded, but their files must be there and be PNG, and they know their size. */

import { readFileSync } from 'node:fs';
import { complete } from './complete.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

class StandInNativeImage
  implements
    Pick<
      Electron.NativeImage,
      | 'isEmpty'
      | 'getSize'
      | 'toPNG'
      | 'toDataURL'
      | 'setTemplateImage'
      | 'isTemplateImage'
      | 'resize'
      | 'addRepresentation'
      | 'isMacTemplateImage'
    >
{
  readonly origin: string;
  private readonly png: Buffer | null;
  private readonly size: Electron.Size;
  isMacTemplateImage = false;

  constructor(origin: string, png: Buffer | null, size?: Electron.Size) {
    this.origin = origin;
    // what Electron cannot read becomes an empty image, without an error
    this.png = png?.subarray(0, 8).equals(PNG) ? png : null;
    this.size = this.png
      ? (size ?? { width: this.png.readUInt32BE(16), height: this.png.readUInt32BE(20) })
      : { width: 0, height: 0 };
  }

  isEmpty(): boolean {
    return this.png === null;
  }

  getSize(): Electron.Size {
    return this.size;
  }

  toPNG(): NonSharedBuffer {
    return Buffer.from(this.png ?? []);
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.toPNG().toString('base64')}`;
  }

  setTemplateImage(option: boolean): void {
    this.isMacTemplateImage = option;
  }

  isTemplateImage(): boolean {
    return this.isMacTemplateImage;
  }

  resize({ width, height }: Electron.ResizeOptions): Electron.NativeImage {
    const size = { width: width ?? this.size.width, height: height ?? this.size.height };
    return complete('NativeImage', new StandInNativeImage(this.origin, this.png, size));
  }

  addRepresentation(): void {}
}

const imageOf = (origin: string, png: Buffer | null): Electron.NativeImage =>
  complete('NativeImage', new StandInNativeImage(origin, png));

export const nativeImage = {
  createEmpty: () => imageOf('', null),
  createFromPath(path) {
    try {
      return imageOf(path, readFileSync(path));
    } catch {
      return imageOf(path, null);
    }
  },
  createFromBuffer: (buffer) => imageOf('buffer', buffer),
  createFromDataURL: (url) => imageOf('data', Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
} satisfies Pick<
  typeof Electron.nativeImage,
  'createEmpty' | 'createFromPath' | 'createFromBuffer' | 'createFromDataURL'
>;

/** @throws for an image that would show nothing */
export function originOf(image: Electron.NativeImage | string): { image: string; template: boolean } {
  const shown = typeof image === 'string' ? nativeImage.createFromPath(image) : image;
  const { origin } = shown as unknown as StandInNativeImage;
  return { image: shown.isEmpty() ? `(empty) ${origin}` : origin, template: shown.isMacTemplateImage };
}
