/**
 * What may be in a package and what must be: of each thing that is wrong, a sentence. Pure: the archive is read elsewhere
 * (inspect.ts).
 */

/** A file in app.asar or unpacked beside it. */
export interface PackedFile {
  /** From the archive's root, with `/`. */
  readonly path: string;
  readonly unpacked: boolean;
  readonly content: Uint8Array;
}

/** All of the program is 1.5 MB; what is much more has something in it that does not belong. */
export const LARGEST_BYTES = 3_000_000;

const MAY = [/^out\/(?:app|cruncher|renderer|icons)\/./, /^package\.json$/, /^LICENSE$/];
const MUST = [
  'package.json',
  'LICENSE',
  'out/app/main.js',
  'out/app/preload.cjs',
  'out/cruncher/main.js',
  'out/cruncher/worker.js',
  'out/renderer/index.html',
  'out/icons/app.png',
];
const MUST_NOT: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:test|node_modules)\//, 'belongs to development'],
  [/\.[cm]?tsx?$/, 'is a source'],
  [/\.map$/, 'is a source map'],
];

/** A path that exists on one machine only. */
const MACHINE_PATH = /(?<![\w.~@\]}-])\/(?:home|Users|root|work|tmp|opt|mnt|builds?)\/\w|\b[A-Z]:\\\\?Users/;
/** In a window without inline scripts and styles a policy of `default-src 'self'` leaves everything working. */
const INLINE = /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|(?:src|href)="(?:data|javascript|https?):/i;
const DEVELOPMENT = ['scripts', 'devDependencies', 'optionalDependencies', 'dependencies', 'bin'];

export function problemsIn(files: readonly PackedFile[]): string[] {
  const problems: string[] = [];
  const text = ({ content }: PackedFile): string => Buffer.from(content).toString('utf8');
  for (const file of files) {
    const { path, unpacked } = file;
    if (!MAY.some((pattern) => pattern.test(path))) problems.push(`${path} is not expected.`);
    for (const [pattern, why] of MUST_NOT) if (pattern.test(path)) problems.push(`${path} ${why}.`);
    if (unpacked !== path.startsWith('out/cruncher/')) {
      problems.push(`${path} lies ${unpacked ? 'outside of' : 'in'} the archive.`);
    }
    if (!/\.(?:[cm]?js|css|html|json|svg)$/.test(path)) continue;
    const machine = MACHINE_PATH.exec(text(file))?.[0];
    if (machine !== undefined) problems.push(`${path} names a path of one machine (${machine}…).`);
    if (/[#@] sourceMappingURL=/.test(text(file))) problems.push(`${path} names a source map.`);
    if (path.endsWith('.html') && INLINE.test(text(file))) problems.push(`${path} has a script or a style inside.`);
  }
  for (const path of MUST) if (!files.some((file) => file.path === path)) problems.push(`${path} is missing.`);
  const size = files.reduce((sum, { content }) => sum + content.length, 0);
  if (size > LARGEST_BYTES) problems.push(`It is ${size} bytes, more than ${LARGEST_BYTES}.`);
  const manifest = files.find(({ path }) => path === 'package.json');
  if (manifest) problems.push(...problemsOfManifest(JSON.parse(text(manifest))));
  return problems;
}

function problemsOfManifest(manifest: Record<string, unknown>): string[] {
  const problems = DEVELOPMENT.filter((key) => Object.keys(manifest[key] ?? {}).length > 0).map(
    (key) => `package.json has ${key}.`,
  );
  if (manifest['main'] !== 'out/app/main.js') problems.push('package.json does not name out/app/main.js as its main.');
  if (manifest['type'] !== 'module') problems.push('package.json does not say that its files are modules.');
  return problems;
}
