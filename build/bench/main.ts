/**
 * `npm run bench -- --against gmp,openssl`: nice19 and other programs on one core, taking turns. What each part measures
 * is said in its file; docs/performance.md has the results.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWrongUsage, show, tell } from '../lib/options.ts';
import { compareBaseTwo } from './base-two.ts';
import { endChildren } from './children.ts';
import { gmpPeer } from './gmp.ts';
import { thisHost } from './host.ts';
import { hundredDigits } from './hundred-digits.ts';
import { opensslPeer } from './openssl.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { type Peer, PeerMissing } from './peers.ts';
import { RandomNumbers } from './random.ts';
import { baseTwoTable, hostLines, hundredDigitsTable, searchTable } from './tables.ts';
import { compareSearch } from './whole-search.ts';

async function measure(options: Options, directory: string): Promise<void> {
  const { only, digits, pairs, searchDigits, primes, seed, json } = options;
  const peers: Peer[] = [];
  for (const name of options.against) peers.push(name === 'gmp' ? await gmpPeer(directory) : opensslPeer());
  const host = thisHost();
  const random = new RandomNumbers(seed);
  const result: Record<string, unknown> = { host, peers: peers.map(({ name, version }) => ({ name, version })), seed };
  const part = (name: string, value: unknown, text: string): void => {
    result[name] = value;
    tell('');
    if (!json) show(`\n${text}\n`);
  };
  if (!json) show(`${hostLines(host)}; seed ${seed}\n`);
  try {
    const [powers] = peers.filter((peer) => peer.powers !== undefined);
    if (only.includes('base-two') && powers?.powers !== undefined) {
      const rows = [];
      for (const size of digits) {
        const telling = (pair: number) => tell(`base-2 tests of ${size} digits, pair ${pair}`);
        telling(1);
        rows.push(await compareBaseTwo(size, pairs, { ...powers, powers: powers.powers }, random, telling));
      }
      part('baseTwo', rows, baseTwoTable(rows));
    }
    if (only.includes('search')) {
      const makers = peers.flatMap((peer) => (peer.prime === undefined ? [] : [{ ...peer, prime: peer.prime }]));
      const telling = (round: number, rounds: number, who: string) =>
        tell(`search of ${searchDigits} digits, turn ${round} of ${rounds}: ${who}`);
      const comparison = await compareSearch(searchDigits, primes, makers, { random, seed, directory }, telling);
      part('search', comparison, searchTable(comparison));
    }
    if (only.includes('1988')) {
      tell('100 digits to 2^-40');
      const figures = await hundredDigits(seed, directory);
      part('hundredDigits', figures, hundredDigitsTable(figures));
    }
  } finally {
    for (const peer of peers) peer.close();
  }
  if (json) show(`${JSON.stringify(result)}\n`);
}

/** Directory and programs go with this process, however it ends. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    show(HELP);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'nice19-bench-'));
  process.once('exit', () => {
    endChildren();
    rmSync(directory, { recursive: true, force: true });
  });
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  await measure(options, directory);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PeerMissing)) endWrongUsage(error, 'npm run bench --');
  else {
    tell('');
    process.stderr.write(`nice19: ${error.message}\n`);
    process.exitCode = 1;
  }
}
