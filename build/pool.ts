/** `npm run bundle`: what a job of a pool carries, in `bundle/`: the program as one file, and Node. */

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { BUNDLE, bundleProgram, ROOT } from './pool/bundle.ts';
import { NODES, placeNode } from './pool/nodes.ts';

const HELP = `Usage: npm run bundle [-- --all] [-- --program-only]

Makes what a job of a pool carries (docs/pool.md), in bundle/:

  nice19.mjs              the terminal program without its window, for any Node from 24.15 on
  node-X86_64             Node for computers that lack it; of this computer's kind
  node-aarch64            and with --all of the others too, fetched with npm
`;

const say = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1)} MB`;

async function tell(file: string): Promise<void> {
  const bytes = readFileSync(file);
  const [zipped, brotli] = [
    await promisify(gzip)(bytes),
    bytes.length < 1e7 ? await promisify(brotliCompress)(bytes) : null,
  ];
  const packed = `${megabytes(zipped.length)} with gzip${brotli === null ? '' : `, ${megabytes(brotli.length)} with brotli`}`;
  say(`${file.slice(ROOT.length)}: ${megabytes(bytes.length)} (${packed})`);
}

const args = process.argv.slice(2);
const unknown = args.find((arg) => !['--all', '--program-only', '--help', '-h'].includes(arg));
if (args.includes('--help') || args.includes('-h')) process.stdout.write(HELP);
else if (unknown !== undefined) {
  process.stderr.write(`nice19: there is no option ${unknown}; "npm run bundle -- --help" says what there is.\n`);
  process.exitCode = 2;
} else {
  const program = join(ROOT, BUNDLE);
  mkdirSync(dirname(program), { recursive: true });
  await bundleProgram(program);
  if (!args.includes('--program-only')) {
    await tell(program);
    for (const node of NODES) {
      const place = await placeNode(ROOT, dirname(program), node, args.includes('--all'));
      if (place !== null) say(`${place.slice(ROOT.length)}: ${megabytes(statSync(place).size)}`);
    }
  }
}
