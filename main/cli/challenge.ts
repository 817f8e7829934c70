/** `nice19 challenge`: the product of two found primes, to be taken apart by whoever can; the factors on request. */

import type { Challenge } from '../contract/library.ts';
import type { PrimeRecord } from '../contract/prime-record.ts';
import type { CommandLine } from './command-line.ts';
import { count, localTime, powerOfTwo } from './format.ts';
import { askLibrary } from './library.ts';
import type { Outcome } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Digits on a line. */
const WIDTH = 80;

export async function challengeCommand(
  { directory, digits, reveal, json }: Extract<CommandLine, { command: 'challenge' }>,
  terminal: Terminal,
): Promise<Outcome> {
  let found = false;
  const outcome = await askLibrary(directory, terminal, async (ask) => {
    const { challenge } = await ask({ ask: 'challenge', digits });
    if (challenge === null) return;
    found = true;
    const factors: PrimeRecord[] = [];
    for (const number of reveal ? challenge.factors : []) {
      const { prime } = await ask({ ask: 'prime', number });
      if (prime !== null) factors.push(prime.record);
    }
    if (json) terminal.print(JSON.stringify(challengeObject(challenge, reveal ? factors : null)));
    else for (const line of challengeLines(challenge, reveal ? factors : null)) terminal.print(line);
  });
  if (outcome.end !== 'answered' || found) return outcome;
  const wanted = digits === null ? 'of one size' : `whose product has about ${count(digits)} digits`;
  return {
    end: 'refused',
    sentence: `There are no two primes ${wanted} in ${directory} yet; find some with "nice19 search", or say where they are with --data.`,
  };
}

export function challengeObject(
  { digits, composite, neighbours = false }: Challenge,
  factors: readonly PrimeRecord[] | null,
): object {
  return { digits, composite, neighbours, ...(factors !== null && { factors: factors.map(({ decimal }) => decimal) }) };
}

/** @param factors null: not to be told */
export function challengeLines(challenge: Challenge, factors: readonly PrimeRecord[] | null): string[] {
  const { digits, composite, neighbours = false } = challenge;
  return [
    `Does any factoring wizard want a ${count(digits)} digit composite? :-)`,
    '',
    ...inLines(composite),
    ...(neighbours ? ['', NEIGHBOURS] : []),
    ...(factors === null ? [] : ['', 'It is the product of', ...factors.flatMap(factorLines)]),
  ];
}

const NEIGHBOURS =
  'No wizard is needed for this one: all primes of the size found so far are near each other, and Fermat’s method takes such a product apart at once. Wait until the search has come to its next block.';

function factorLines({ decimal, digits, verdict, worstCaseLog2, foundAt }: PrimeRecord): string[] {
  const sure = verdict === 'prime' ? 'proven' : `error ≤ ${powerOfTwo(worstCaseLog2)}`;
  return ['', ...inLines(decimal), `(${count(digits)} digits, found ${localTime(foundAt)}, ${sure})`];
}

const inLines = (decimal: string): string[] => decimal.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [];
