/** The benchmark's command line. */

import { randomBytes } from 'node:crypto';
import { LARGEST_DIGITS, SMALLEST_DIGITS } from '../../main/contract/search-spec.ts';
import { readValues, UsageError, wholeNumber, words } from '../lib/options.ts';

export const HELP = `Usage: npm run bench                                       what each size costs: "nice19 bench"
       npm run bench -- --against gmp,openssl,pari [options]   comparison with other programs
       npm run bench -- --only PART,… [options]                parts that compare with nothing

With --against, on one core, all taking turns, CPU time:
  base-two   base-2 tests, two candidates at once, set-up included, against GMP's mpz_powm and others
  search     a whole search to an error of 2^-40: CPU seconds for a prime, against GMP's
             mpz_nextprime and PARI's nextprime from random starts and OpenSSL's "prime -generate"
  rates      the same at sizes where a prime takes an hour, derived from rates; needs gmp
  1988       100 digits to 2^-40, one number and one prime
Only when named, on one core:
  growth     how the cost of a prime grows with its size
  limit      vector operations a cycle in the kernels' loops
Only when named, on all cores:
  memory     of the cruncher with two workers
  start      from the command to the first test
  cores      two workers against one
  pause      from the pause to the last CPU time, at 100,000 digits
  large      a test of 100,000 digits: progress, expected time, kill -9 and going on; its residue
             against GMP's, so it needs a C compiler and libgmp

  --against LIST          gmp, openssl, pari, bigint; gmp needs a C compiler and libgmp
  --only LIST             parts to measure (base-two,search,rates,1988)
  --digits N,…            sizes of the base-2 tests (300,1000,2000,5000,10000,25000,100000)
  --pairs N               pairs a size at least, 7 or more (7)
  --search-digits N,…     sizes of the search (100,300,1000)
  --primes N              primes for each other program, four times as many for ours, more of small ones (50)
  --seed HEX              repeats a run's numbers; up to 64 hexadecimal digits (random)
  --chart FILE            draws the base-2 tests as an SVG
  --json                  one JSON object on standard output
`;

const COMPARISONS = ['base-two', 'search', 'rates', '1988'] as const;
const ON_ONE_CORE = ['growth', 'limit'] as const;
const ON_ALL_CORES = ['memory', 'start', 'cores', 'pause', 'large'] as const;
const PARTS = [...COMPARISONS, ...ON_ONE_CORE, ...ON_ALL_CORES] as const;
/** Measured on one core alone; the others have all cores. */
export const ONE_CORE: readonly Part[] = [...COMPARISONS, ...ON_ONE_CORE];
export type Part = (typeof PARTS)[number];
const PEERS = ['gmp', 'openssl', 'pari', 'bigint'] as const;
export type PeerName = (typeof PEERS)[number];

export interface Options {
  readonly against: readonly PeerName[];
  readonly only: readonly Part[];
  readonly digits: readonly number[];
  readonly pairs: number;
  readonly searchDigits: readonly number[];
  readonly primes: number;
  readonly seed: string;
  readonly chart: string | null;
  readonly json: boolean;
}

/** @returns null when help is asked for. @throws UsageError */
export function readOptions(args: readonly string[]): Options | null {
  const texts = ['against', 'only', 'digits', 'pairs', 'search-digits', 'primes', 'seed', 'chart'] as const;
  const values = readValues(args, texts, ['json']);
  if (values.help === true) return null;
  const seed = values.seed ?? randomBytes(32).toString('hex');
  if (!/^[0-9a-f]{1,64}$/i.test(seed)) {
    throw new UsageError(`--seed wants up to 64 hexadecimal digits, not ${JSON.stringify(seed)}.`);
  }
  const against = values.against === undefined ? [] : words('against', values.against, PEERS);
  const only = words('only', values.only ?? COMPARISONS.join(','), PARTS);
  const compared = only.find((part) => (COMPARISONS as readonly Part[]).includes(part));
  if (compared !== undefined && against.length === 0) {
    throw new UsageError(`${compared} compares with another program: --against wants some of ${PEERS.join(', ')}.`);
  }
  if (values.only?.includes('rates') && !against.includes('gmp')) throw new UsageError('rates wants --against gmp.');
  const sizes = (option: string, given: string, least: number) =>
    given.split(',').map((size) => wholeNumber(option, size, least, LARGEST_DIGITS));
  return {
    against,
    only,
    digits: sizes('digits', values.digits ?? '300,1000,2000,5000,10000,25000,100000', 20),
    pairs: wholeNumber('pairs', values.pairs ?? '7', 7, 1000),
    searchDigits: sizes('search-digits', values['search-digits'] ?? '100,300,1000', SMALLEST_DIGITS),
    primes: wholeNumber('primes', values.primes ?? '50', 3, 10_000),
    seed: seed.toLowerCase().padStart(64, '0'),
    chart: values.chart ?? null,
    json: values.json === true,
  };
}
