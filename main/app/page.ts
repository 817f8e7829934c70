/**
 * The window's page and its address: a scheme of our own instead of file://, so that it has an origin, a policy and no way to
 * other files (point 18 of Electron's checklist). It serves the built window (host/page) and nothing else.
 */

import { readFile } from 'node:fs/promises';
import { type PageFile, pageFiles } from '../host/page/files.ts';
import { PAGE_HEADERS } from '../host/page/headers.ts';

export const SCHEME = 'nice19';
const HOST = 'app';
export const PAGE = `${SCHEME}://${HOST}/index.html`;

/** As secure as https, with an origin of its own; nothing else that a scheme can have. */
export const PRIVILEGES: Electron.CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true },
};

/** Whether an address is one of ours, by a real parser: `nice19://app.example/` is not. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === '';
}

/** @param folder the built window */
export function pageHandler(folder: string): (request: Request) => Promise<Response> {
  // listed at the first request: the app starts hidden and mostly stays so
  let files: ReadonlyMap<string, PageFile> | null = null;
  return async (request) => {
    if (request.method !== 'GET' || !isOurs(request.url)) return refusal(403);
    files ??= pageFiles(folder);
    const file = files.get(new URL(request.url).pathname);
    if (file === undefined) return refusal(404);
    return new Response(new Uint8Array(await readFile(file.path)), {
      headers: { ...PAGE_HEADERS, 'Content-Type': file.type },
    });
  };
}

function refusal(status: number): Response {
  return new Response('', { status, headers: PAGE_HEADERS });
}
