/**
 * What a tortured search has in the end against what it announced and what an undisturbed search of the same seed finds.
 * Pure, so that the judge itself can be tested.
 */

import { keyOf, type Place } from './place.ts';

export interface Testimony {
  /** In the store at the end, oldest first. */
  readonly stored: readonly Place[];
  /** Every prime that was ever announced, and those that were announced again. */
  readonly announced: readonly Place[];
  readonly repeated: number;
  /** Announced primes that the search did not know when it was started again. */
  readonly forgotten: number;
  /** Of the run that nobody disturbed. */
  readonly reference: readonly Place[];
}

export interface Judgement {
  readonly lost: number;
  readonly doubled: number;
  /** What is wrong, in words; none when the promise is kept. */
  readonly problems: readonly string[];
}

export function judge({ stored, announced, repeated, forgotten, reference }: Testimony): Judgement {
  const kept = new Set(stored.map(keyOf));
  const expected = new Set(reference.map(keyOf));
  const problems: string[] = [];
  const count = (places: readonly Place[], what: string): number => {
    const first = places[0];
    if (first !== undefined) problems.push(`${places.length} ${what}, such as ${keyOf(first).slice(0, 60)}`);
    return places.length;
  };
  const gone = count(
    announced.filter((place) => !kept.has(keyOf(place))),
    'announced and not in the store',
  );
  const missing = count(
    reference.filter((place) => !kept.has(keyOf(place))),
    'of the undisturbed run are missing',
  );
  count(
    stored.filter((place) => !expected.has(keyOf(place))),
    'that the undisturbed run does not have',
  );
  const twice = stored.length - new Set(stored.map(({ decimal }) => decimal)).size;
  if (twice > 0) problems.push(`${twice} twice in the store`);
  if (repeated > 0) problems.push(`${repeated} announced twice`);
  if (forgotten > 0) problems.push(`${forgotten} announced and not known at a later start`);
  const misplaced = stored.findIndex((place, i) => keyOf(place) !== (reference[i] ? keyOf(reference[i]) : ''));
  if (problems.length === 0 && misplaced >= 0) problems.push(`the order differs from number ${misplaced} on`);
  return { lost: Math.max(gone, missing, forgotten), doubled: twice + repeated, problems };
}
