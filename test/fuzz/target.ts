/** What is fuzzed, and what every answer has to be: taken, or refused with one sentence a person can use. */

import type fc from 'fast-check';

export type Outcome = { readonly taken: true } | { readonly taken: false; readonly sentence: string };

export const TAKEN: Outcome = { taken: true };
export const refused = (sentence: string): Outcome => ({ taken: false, sentence });

// biome-ignore lint/suspicious/noExplicitAny: a target's cases are its own affair
export interface Target<Case = any> {
  readonly name: string;
  readonly cases: fc.Arbitrary<Case>;
  /**
   * One case. Refusals that the program knows are an outcome.
   * @throws Error for everything that must not happen
   */
  run(input: Case): Outcome | Promise<Outcome>;
}

/** Makes a target; `place` is an empty directory that is gone in the end. */
export type MakeTarget = (place: string) => Promise<Target>;

/** Characters of a refusal. */
const LONGEST_SENTENCE = 600;

/** What is wrong with a refusal, or null. */
export function sentenceProblem(sentence: string): string | null {
  if (sentence.trim() === '') return 'it is empty';
  if (sentence.length >= LONGEST_SENTENCE) return `it has ${sentence.length} characters`;
  if (!sentence.endsWith('.')) return 'it does not end with a full stop';
  if (/\n\s+at |^\w*Error: |\n/.test(sentence)) return 'it is not one sentence, or a stack trace';
  return /\p{Cc}/u.test(sentence) ? 'it has control characters' : null;
}
