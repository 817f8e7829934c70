/** Gives the user a file: the browser's own download, or the app's dialog. */

import type { ExportedFile } from '../words/export.ts';

export function save({ name, type, content }: ExportedFile): void {
  const address = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then, and holds what it needs.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
