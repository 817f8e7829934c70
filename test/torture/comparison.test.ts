/** The judge of the torture campaign sees every way in which a search can be wrong. */

import { describe, expect, it } from 'vitest';
import { judge, type Testimony } from './comparison.ts';
import type { Place } from './place.ts';

const place = (offset: number): Place => ({ block: 0, offset, decimal: String(1000 + offset) });
const reference = [1, 4, 9, 16].map(place);
const perfect: Testimony = {
  stored: reference,
  announced: reference.slice(0, 3),
  repeated: 0,
  forgotten: 0,
  reference,
};

describe('the judge of the campaign', () => {
  it('finds nothing wrong with the primes of the undisturbed run', () => {
    expect(judge(perfect)).toEqual({ lost: 0, doubled: 0, problems: [] });
  });

  it.each<[string, Partial<Testimony>, { lost: number; doubled: number }]>([
    ['a prime that is missing', { stored: reference.slice(0, 3) }, { lost: 1, doubled: 0 }],
    ['one that was announced and is gone', { stored: reference.slice(1) }, { lost: 1, doubled: 0 }],
    ['one that was forgotten for a while', { forgotten: 2 }, { lost: 2, doubled: 0 }],
    ['one that is there twice', { stored: [...reference, place(16)] }, { lost: 0, doubled: 1 }],
    [
      'one that is there at another place',
      { stored: [...reference, { ...place(16), block: 1 }] },
      { lost: 0, doubled: 1 },
    ],
    ['one that was announced twice', { repeated: 1 }, { lost: 0, doubled: 1 }],
    ['one that nobody else finds', { stored: [...reference, place(25)] }, { lost: 0, doubled: 0 }],
    ['another order', { stored: reference.toReversed() }, { lost: 0, doubled: 0 }],
    [
      'a digit that differs',
      { stored: [...reference.slice(0, 3), { ...place(16), decimal: '1017' }] },
      { lost: 1, doubled: 0 },
    ],
  ])('sees %s', (_, wrong, { lost, doubled }) => {
    const judgement = judge({ ...perfect, ...wrong });
    expect(judgement.problems).not.toEqual([]);
    expect(judgement).toMatchObject({ lost, doubled });
  });
});
