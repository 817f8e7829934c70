/** The benchmark's command line. */

import { randomBytes } from 'node:crypto';
import { LARGEST_DIGITS, SMALLEST_DIGITS } from '../../main/contract/search-spec.ts';
import { readValues, UsageError, wholeNumber, words } from '../lib/options.ts';

export const HELP = `Usage: npm run bench                                  what each size costs: "nice19 bench"
       npm run bench -- --against gmp,openssl [options]   comparison with other programs

With --against, on one core, all taking turns, CPU time:
  base-two   base-2 tests, two candidates at once, set-up included, against GMP's mpz_powm
  search     a whole search to an error of 2^-40: CPU seconds for a prime, against GMP's
             mpz_nextprime from random starts and OpenSSL's "prime -generate"
  1988       100 digits to 2^-40, one number and one prime

  --against LIST          gmp, openssl; gmp needs a C compiler and libgmp
  --only LIST             parts to measure (base-two,search,1988)
  --digits N,…            sizes of the base-2 tests (300,1000,2000,10000)
  --pairs N               pairs a size at least, 7 or more (9)
  --search-digits N       size of the search (1000)
  --primes N              primes for each other program, four times as many for ours (30)
  --seed HEX              repeats a run's numbers; up to 64 hexadecimal digits (random)
  --json                  one JSON object on standard output
`;

const PARTS = ['base-two', 'search', '1988'] as const;
export type Part = (typeof PARTS)[number];
const PEERS = ['gmp', 'openssl'] as const;
export type PeerName = (typeof PEERS)[number];

export interface Options {
  readonly against: readonly PeerName[];
  readonly only: readonly Part[];
  readonly digits: readonly number[];
  readonly pairs: number;
  readonly searchDigits: number;
  readonly primes: number;
  readonly seed: string;
  readonly json: boolean;
}

/** @returns null when help is asked for. @throws UsageError */
export function readOptions(args: readonly string[]): Options | null {
  const texts = ['against', 'only', 'digits', 'pairs', 'search-digits', 'primes', 'seed'] as const;
  const values = readValues(args, texts, ['json']);
  if (values.help === true) return null;
  const seed = values.seed ?? randomBytes(32).toString('hex');
  if (!/^[0-9a-f]{1,64}$/i.test(seed)) {
    throw new UsageError(`--seed wants up to 64 hexadecimal digits, not ${JSON.stringify(seed)}.`);
  }
  return {
    against: words('against', values.against ?? '', PEERS),
    only: words('only', values.only ?? PARTS.join(','), PARTS),
    digits: (values.digits ?? '300,1000,2000,10000')
      .split(',')
      .map((size) => wholeNumber('digits', size, 20, LARGEST_DIGITS)),
    pairs: wholeNumber('pairs', values.pairs ?? '9', 7, 1000),
    searchDigits: wholeNumber('search-digits', values['search-digits'] ?? '1000', SMALLEST_DIGITS, LARGEST_DIGITS),
    primes: wholeNumber('primes', values.primes ?? '30', 3, 10_000),
    seed: seed.toLowerCase().padStart(64, '0'),
    json: values.json === true,
  };
}
