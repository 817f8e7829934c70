/**
 * Sources name other files that are run or read, not imported, in one form: `new URL('./worker.ts', import.meta.url)`.
 * In a bundle the sources are elsewhere, so the bundler puts in the address of what came of the file:
 *
 * - another program (`../cruncher/main.ts`): its output;
 * - any other `.ts` file: a worker thread of the same program, which becomes a file beside it;
 * - anything in `out/` (`../../out/renderer/`): the same place, seen from the bundle.
 *
 * So each program's files lie in one folder, without folders in it. Any other address would not be there in a package:
 * it stops the build.
 */

import { basename, dirname, join, posix, relative, sep } from 'node:path';
import type { Plugin } from 'rolldown';
import { PROGRAMS } from './programs.ts';

const ADDRESS = /new URL\(\s*(['"])(\.{1,2}\/[^'"\n]*)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/** What became of a named file, for a program in `folder`. */
export type Target =
  | { readonly kind: 'at'; readonly address: string }
  | { readonly kind: 'thread'; readonly source: string; readonly fileName: string }
  | { readonly kind: 'missing' };

/**
 * @param target path from the checkout, with `/`
 * @param folder of the program that names it, such as `out/app`
 */
export function targetOf(target: string, folder: string): Target {
  const program = PROGRAMS.find(({ source }) => source === target);
  const there = program?.output ?? (target === 'out' || target.startsWith('out/') ? target : undefined);
  if (there !== undefined) return { kind: 'at', address: addressFrom(folder, there) };
  if (!target.endsWith('.ts') || !target.startsWith('main/')) return { kind: 'missing' };
  return { kind: 'thread', source: target, fileName: `${basename(target, '.ts')}.js` };
}

/** `./` or `../` in front, and a folder keeps its last slash. */
function addressFrom(folder: string, target: string): string {
  const path = posix.relative(folder, target);
  const slash = target.endsWith('/') && path !== '' ? '/' : '';
  return `${path.startsWith('.') ? path : `./${path}`}${slash}`;
}

/** A source with the addresses that hold in the bundle. @param onThread is told of each worker thread */
export function placeAddresses(
  source: string,
  file: string,
  folder: string,
  onThread: (thread: { readonly source: string; readonly fileName: string }) => void,
): string {
  return source.replaceAll(ADDRESS, (_, _quote, named: string) => {
    const target = targetOf(posix.join(posix.dirname(file), named), folder);
    if (target.kind === 'missing') {
      throw new Error(`${file} names ${named}, which will not be in the bundle (build/bundle/addresses.ts)`);
    }
    if (target.kind === 'thread') onThread(target);
    const address = target.kind === 'at' ? target.address : `./${target.fileName}`;
    return `new URL('${address}', import.meta.url)`;
  });
}

/** @param output of the program, such as `out/app/main.js` */
export function addresses(root: string, output: string): Plugin {
  const threads = new Map<string, string>();
  return {
    name: 'addresses',
    transform(code, id) {
      const file = relative(root, id).replaceAll(sep, '/');
      if (!file.startsWith('main/') || !code.includes('import.meta.url')) return null;
      return placeAddresses(code, file, dirname(output), ({ source, fileName }) => {
        const other = threads.get(fileName);
        if (other === source) return;
        if (other !== undefined || fileName === basename(output)) {
          throw new Error(`${source} and ${other ?? 'the program itself'} would both become ${fileName}`);
        }
        threads.set(fileName, source);
        this.emitFile({ type: 'chunk', id: join(root, source), fileName });
      });
    },
  };
}
