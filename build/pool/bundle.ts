/**
 * Makes `bundle/nice19.mjs`: the whole terminal program but its window as one JavaScript file that runs wherever a new
 * enough Node is. The kernels are emitted when it runs, so there is nothing else to carry. `npm run bundle` does it, and
 * puts the Nodes beside it that a pool may lack (nodes.ts).
 *
 * Sources name threads and the cruncher by `new URL('./worker.ts', import.meta.url)`. In one file all of them are this
 * file: the cruncher as it is, a thread through a one-line module that imports it under an address which says what it is
 * (a thread's own address loses its query in Node 24).
 */

import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { versionOnly } from '../bundle/bundle.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** From the checkout. */
export const BUNDLE = 'bundle/nice19.mjs';
const ENTRY = 'build/pool/program.ts';
const CRUNCHER = 'main/cruncher/main.ts';
const THREADS: Readonly<Record<string, string>> = {
  'main/cruncher/threads/worker.ts': 'worker',
  'main/cruncher/store/backup-thread.ts': 'backup-thread',
  'main/cruncher/threads/selftest-worker.ts': 'selftest-worker',
};

const ADDRESS = /new URL\(\s*(['"])(\.{1,2}\/[^'"\n]*)\1\s*,\s*import\.meta\.url\s*,?\s*\)/g;

/** A source with the addresses that hold in the one file. @throws where a source names another file */
export function inOneFile(source: string, file: string): string {
  return source.replaceAll(ADDRESS, (_, _quote, named: string) => {
    const target = posix.join(posix.dirname(file), named);
    if (target === CRUNCHER) return 'new URL(import.meta.url)';
    if (target === `${posix.dirname(BUNDLE)}/`) return "new URL('./', import.meta.url)";
    const thread = THREADS[target];
    if (thread === undefined) throw new Error(`${file} names ${named}, which will not be in the bundle`);
    const here = `new URL('?thread=${thread}', import.meta.url)`;
    return `new URL(\`data:text/javascript,\${encodeURIComponent(\`import(\${JSON.stringify(${here})})\`)}\`)`;
  });
}

function oneFile(root: string): Plugin {
  return {
    name: 'one file',
    resolveId(id, importer) {
      return importer !== undefined && id.endsWith('/web/web.ts') ? join(root, 'build/pool/no-window.ts') : null;
    },
    transform(code, id) {
      const file = relative(root, id).replaceAll(sep, '/');
      return file.startsWith('main/') && code.includes('import.meta.url') ? inOneFile(code, file) : null;
    },
  };
}

/**
 * @param output absolute path of the file to be made
 * @throws where the sources cannot be made one file
 */
export async function bundleProgram(output: string, root = ROOT): Promise<void> {
  await using build = await rolldown({
    cwd: root,
    input: ENTRY,
    platform: 'node',
    external: [/^node:/],
    transform: { target: 'node24' },
    experimental: { attachDebugInfo: 'none' },
    plugins: [versionOnly(root), oneFile(root)],
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  await build.write({ file: output, format: 'esm', codeSplitting: false, sourcemap: false, minify: false });
}
