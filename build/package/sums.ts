/** The list of hashes that goes out with the packages. */

import { createHash } from 'node:crypto';

/** Lines as `sha256sum --check` reads them, in an order of their own. */
export function sums(files: readonly { readonly name: string; readonly content: Uint8Array }[]): string {
  return files
    .map(({ name, content }) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join('');
}
