/** Reads a table of this folder. The JSON files say where they come from in their field `source`. */

import { readFileSync } from 'node:fs';

export interface NumberTables {
  'carmichael.json': { readonly below10To7: string[]; readonly chernick: string[] };
  'strong-pseudoprimes-base-2.json': { readonly below10To7: string[]; readonly samplesBelow2To64: string[] };
  'strong-pseudoprimes-many-bases.json': {
    readonly entries: {
      readonly n: string;
      readonly passes: number[];
      readonly fails: number;
      readonly source: string;
    }[];
  };
  'lucas-pseudoprimes.json': { readonly strong: string[]; readonly extraStrong: string[] };
  'few-factors.json': { readonly squares: string[]; readonly closePrimes: string[] };
  'primes.json': {
    readonly entries: { readonly expression: string; readonly digits: number; readonly source: string }[];
  };
  /** A prime that this program found, as it recorded it. */
  'find-10000.json': {
    readonly spec: {
      readonly scheme: 1;
      readonly digits: number;
      readonly errorLog2: number;
      readonly rounds: number;
      readonly seed: string;
    };
    readonly searchId: string;
    readonly block: number;
    readonly offset: number;
    readonly digits: number;
    readonly bits: number;
    readonly verdict: string;
    readonly rounds: number;
    readonly lucas: string;
    readonly worstCaseLog2: number;
    readonly averageCaseLog2: number;
    readonly cpuSeconds: number;
    readonly decimal: string;
  };
  'prf.json': {
    readonly bytes: { seed: string; label: string; index: string; length: number; bytes: string }[];
    readonly integers: { seed: string; label: string; index: string; bound: string; integer: string }[];
    readonly blocks: { seed: string; digits: number; count: number; block: number; start: string; size: number }[];
    readonly bases: { seed: string; candidate: string; round: number; base: string }[];
  };
}

export function readTable<Name extends keyof NumberTables>(name: Name): NumberTables[Name] {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as NumberTables[Name];
}

/** All composites of the tables, each with what kind of trap it is. */
export function composites(): { readonly n: bigint; readonly kind: string }[] {
  const all = (kind: string, numbers: readonly string[]) => numbers.map((n) => ({ n: BigInt(n), kind }));
  const carmichael = readTable('carmichael.json');
  const strong = readTable('strong-pseudoprimes-base-2.json');
  const lucas = readTable('lucas-pseudoprimes.json');
  const few = readTable('few-factors.json');
  return [
    ...all('Carmichael number', [...carmichael.below10To7, ...carmichael.chernick]),
    ...all('strong pseudoprime to base 2', [...strong.below10To7, ...strong.samplesBelow2To64]),
    ...all(
      'strong pseudoprime to many bases',
      readTable('strong-pseudoprimes-many-bases.json').entries.map((entry) => entry.n),
    ),
    ...all('strong Lucas pseudoprime', [...lucas.strong, ...lucas.extraStrong]),
    ...all('square', few.squares),
    ...all('product of two close primes', few.closePrimes),
  ];
}
