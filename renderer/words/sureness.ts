/** How sure a prime is, in sentences: two bounds that answer different questions (docs/bounds.md). */

import type { PrimeRecord } from '../../main/contract/prime-record.ts';
import { plural } from './numbers.ts';

/** 2⁻⁸⁰, rounded to the safe side. */
export function powerOfTwo(log2: number): string {
  return `2${raised(Math.ceil(log2))}`;
}

/** 1 in 10²⁴, rounded to the safe side. */
export function oneIn(log2: number): string {
  return `1 in 10${raised(Math.floor(-Math.ceil(log2) * Math.log10(2)))}`;
}

function raised(exponent: number): string {
  return String(exponent).replace(/./g, (mark) => (mark === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(mark))));
}

export interface Sureness {
  readonly title: string;
  readonly statement: string;
  readonly assumes: string;
}

export function surenessOf(record: Pick<PrimeRecord, 'rounds' | 'worstCaseLog2' | 'averageCaseLog2'>): Sureness[] {
  const { rounds, worstCaseLog2, averageCaseLog2 } = record;
  if (worstCaseLog2 === null || averageCaseLog2 === null) {
    return [
      {
        title: 'Certain',
        statement: 'Below 2⁶⁴ the test is deterministic: this number is prime, without any chance of error.',
        assumes: 'Assumes only that the arithmetic was right.',
      },
    ];
  }
  return [
    {
      title: 'Worst case',
      statement: `At most ${powerOfTwo(worstCaseLog2)} (${oneIn(worstCaseLog2)}): a composite number, even one made to deceive, passes ${plural(rounds, 'Rabin round')} with no greater chance.`,
      assumes: 'Assumes that the bases are as good as random, drawn from the seed after the number.',
    },
    {
      title: 'Average case',
      statement: `At most ${powerOfTwo(averageCaseLog2)} (${oneIn(averageCaseLog2)}): of the numbers that a search like this one calls prime, no greater share is composite.`,
      assumes:
        'Assumes the same, and that the number itself was drawn at random by the seed, not chosen. It says nothing of a number that somebody picked.',
    },
  ];
}

export const HARDWARE =
  'Both are about mathematics. Faulty memory is likelier than either, so every find passed a strong test by a second implementation and a strong Lucas test before it was announced.';
