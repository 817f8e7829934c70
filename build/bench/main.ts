/**
 * `npm run bench -- --against …` and `--only …`: nice19 and other programs on one core, taking turns, and what the search
 * takes of the whole machine. What each part measures is said in its file; docs/performance.md has the results.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endWrongUsage, show, tell } from '../lib/options.ts';
import { type BaseTwoRow, compareBaseTwo } from './base-two.ts';
import { type Curve, drawChart } from './chart.ts';
import { endChildren } from './children.ts';
import { measureCores } from './cores.ts';
import { endCrunchers } from './cruncher.ts';
import { gmpPeer } from './gmp.ts';
import { measureGrowth } from './growth.ts';
import { bindToAllCores, bindToOneCore, type Host, thisHost } from './host.ts';
import { hundredDigits } from './hundred-digits.ts';
import { languagePeer } from './language.ts';
import { measureLarge } from './large.ts';
import { measureLimits } from './limit.ts';
import { measureMemory } from './memory.ts';
import { opensslPeer } from './openssl.ts';
import { HELP, ONE_CORE, type Options, type Part, type PeerName, readOptions } from './options.ts';
import { pariPeer } from './pari.ts';
import { measurePause } from './pause.ts';
import { type Peer, PeerMissing } from './peers.ts';
import { RandomNumbers } from './random.ts';
import { derivedSearch } from './rates.ts';
import { measureStart } from './start.ts';
import * as tables from './tables.ts';
import { compareSearch } from './whole-search.ts';

const PEERS: Readonly<Record<PeerName, (directory: string) => Peer | Promise<Peer>>> = {
  gmp: gmpPeer,
  openssl: opensslPeer,
  pari: pariPeer,
  bigint: languagePeer,
};
/** Where a prime takes too long to wait for some; and where the derivation can be held against the search. */
const DERIVED = [1000, 10_000];
const START_DIGITS = [100, 1000, 10_000];
const LARGE_DIGITS = 100_000;

interface Work {
  readonly options: Options;
  readonly peers: readonly Peer[];
  readonly random: RandomNumbers;
  readonly directory: string;
  readonly host: Host;
}

/** What a part found, and how it is shown. */
interface Result {
  readonly value: unknown;
  readonly text: string;
}

const MEASURES: Readonly<Record<Part, (work: Work) => Promise<Result>>> = {
  'base-two': baseTwo,
  search: wholeSearch,
  rates,
  1988: async ({ options, directory }) => {
    tell('100 digits to 2^-40');
    const value = await hundredDigits(options.seed, directory);
    return { value, text: tables.hundredDigitsTable(value) };
  },
  growth: async () => {
    const value = measureGrowth((digits) => tell(`the cost of ${digits} digits`));
    return { value, text: tables.growthTables(value) };
  },
  limit: async () => {
    const value = measureLimits((what) => tell(`against the limit: ${what}`));
    return { value, text: tables.limitTable(value) };
  },
  memory: async ({ options, directory }) => {
    const value = await measureMemory(options.seed, directory, (digits) => tell(`memory at ${digits} digits`));
    return { value, text: tables.memoryTable(value) };
  },
  start: async ({ directory }) => {
    const value = await measureStart(START_DIGITS, directory, (digits, turn) =>
      tell(`start at ${digits} digits, ${turn}`),
    );
    return { value, text: tables.startTable(value) };
  },
  cores: async ({ options, directory }) => {
    const value = await measureCores(options.seed, directory, (turn, turns) => tell(`cores, turn ${turn} of ${turns}`));
    return { value, text: tables.coresTable(value) };
  },
  pause: async ({ options, directory }) => {
    const value = await measurePause(LARGE_DIGITS, options.seed, directory, tell);
    return { value, text: tables.pauseTable(value) };
  },
  large: async ({ options, directory }) => {
    const { powers, close } = await gmpPeer(directory);
    try {
      const value = await measureLarge(LARGE_DIGITS, options.seed, directory, powers, tell);
      return { value, text: tables.largeLines(value) };
    } finally {
      close();
    }
  },
};

async function baseTwo({ options, peers, random, host }: Work): Promise<Result> {
  const rows: BaseTwoRow[] = [];
  for (const digits of options.digits) {
    rows.push(...(await rowsOf(digits, peers, random, options.pairs)));
  }
  if (options.chart !== null) writeFileSync(options.chart, drawChart(curvesOf(rows), captionOf(host)));
  return { value: rows, text: tables.baseTwoTables(rows) };
}

const captionOf = ({ cpu, system, node, date }: Host): string =>
  `${cpu}, one core; ${system.split(' ')[0]}, Node ${node}; ${date.slice(0, 10)}`;

function rowsOf(digits: number, peers: readonly Peer[], random: RandomNumbers, pairs: number): Promise<BaseTwoRow[]> {
  const telling = (pair: number) => tell(`base-2 tests of ${digits} digits, pair ${pair}`);
  telling(1);
  const able = peers.flatMap((peer) => (peer.powers === undefined ? [] : [{ ...peer, powers: peer.powers }]));
  return compareBaseTwo(digits, pairs, able, random, telling);
}

function curvesOf(rows: readonly BaseTwoRow[]): Curve[] {
  const names = [...new Set(rows.map((row) => row.peer))];
  const own = rows.filter((row) => row.peer === names[0]);
  return [
    { name: 'nice19', points: own.map(({ digits, ours }) => ({ digits, milliseconds: ours.minimum })) },
    ...names.map((name) => ({
      // Without its version: that is in the tables.
      name: name.split(' ')[0] as string,
      points: rows
        .filter((row) => row.peer === name)
        .map(({ digits, theirs }) => ({ digits, milliseconds: theirs.minimum })),
    })),
  ];
}

async function wholeSearch({ options, peers, random, directory }: Work): Promise<Result> {
  const makers = peers.flatMap((peer) => (peer.prime === undefined ? [] : [{ ...peer, prime: peer.prime }]));
  const comparisons = [];
  for (const digits of options.searchDigits) {
    const telling = (round: number, rounds: number, who: string) =>
      tell(`search of ${digits} digits, turn ${round} of ${rounds}: ${who}`);
    const setting = { random, seed: options.seed, directory };
    comparisons.push(await compareSearch(digits, options.primes, makers, setting, telling));
  }
  return { value: comparisons, text: comparisons.map(tables.searchTable).join('\n\n') };
}

async function rates({ options, peers, random }: Work): Promise<Result> {
  const gmp = peers.filter(({ name }) => name === 'GMP');
  const derived = [];
  for (const digits of DERIVED) {
    const [row] = await rowsOf(digits, gmp, random, options.pairs);
    if (row !== undefined) derived.push(derivedSearch(row));
  }
  return { value: derived, text: tables.derivedTable(derived) };
}

async function measure(options: Options, directory: string): Promise<void> {
  const { only, seed, json } = options;
  const host = thisHost();
  const alone = only.some((part) => ONE_CORE.includes(part)) ? bindToOneCore() : null;
  const peers: Peer[] = [];
  for (const name of options.against) peers.push(await PEERS[name](directory));
  const random = new RandomNumbers(seed);
  const result: Record<string, unknown> = { host, peers: peers.map(({ name, version }) => ({ name, version })), seed };
  if (!json) show(`${tables.hostLine(host)}; ${tables.coreWords(alone)}; seed ${seed}\n`);
  try {
    for (const part of only) {
      if (!ONE_CORE.includes(part)) bindToAllCores();
      const { value, text } = await MEASURES[part]({ options, peers, random, directory, host });
      result[part] = value;
      tell('');
      if (!json) show(`\n${text}\n`);
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
    endCrunchers();
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
