/**
 * Newer versions: nothing ever looks for them. The menu can open the page where they would be, in the user's browser, when the
 * user asks for it and the package knows a page.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The page with the releases of the sources that this package was built from.
 * @param appPath the folder, or app.asar, with the package.json that the build wrote its `homepage` into (build/package/config.ts)
 * @returns null where there is none: a checkout, or a package that somebody built at home (RFC 2606: `.invalid` leads nowhere)
 */
export function releasesPage(appPath: string): string | null {
  try {
    const { homepage } = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8')) as { homepage?: unknown };
    const url = new URL(String(homepage));
    if (url.protocol !== 'https:' || url.hostname.endsWith('.invalid')) return null;
    url.pathname = `${url.pathname.replace(/\/$/, '')}/releases`;
    return url.href;
  } catch {
    return null;
  }
}
