/**
 * The files of the built window, by the path of their address. The folder is listed once, and what is not in the list is not
 * there: no path, however it is written, leads out of the folder.
 */

import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly path: string;
  readonly type: string;
}

/** Kinds of files that the window is made of; others are not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** @throws when the window has not been built: there is no such folder */
export function pageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  const list = (directory: string, address: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      const type = TYPES[extname(entry.name)];
      if (entry.isDirectory()) list(path, `${address}${entry.name}/`);
      // a link could lead anywhere
      else if (entry.isFile() && type !== undefined) files.set(`${address}${entry.name}`, { path, type });
    }
  };
  list(folder, '/');
  const index = files.get('/index.html');
  if (index !== undefined) files.set('/', index);
  return files;
}
