/** `nice19 test`: one number and how sure its verdict is. */

import { readFileSync } from 'node:fs';
import type { Verdict } from '../contract/messages.ts';
import type { CommandLine } from './command-line.ts';
import { UsageError } from './command-line.ts';
import { abbreviated, count, duration, percent, powerOfTwo } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

/** An expression is short, a number of 100,000 digits has about as many characters. */
const LARGEST_FILE = 2_000_000;

export function testCommand(line: Extract<CommandLine, { command: 'test' }>, terminal: Terminal): Promise<Outcome> {
  const { errorLog2, thorough, kernel, json } = line;
  const number = line.number.startsWith('@') ? readNumber(line.number.slice(1)) : line.number;
  const started = performance.now();
  return runJob(
    { type: 'test', number, errorLog2, thorough, kernel },
    {
      onEvent(event) {
        if (event.type === 'testing' && performance.now() - started > 1000) {
          terminal.live(
            `${event.stage} · ${percent(event.fraction)} · ${duration((performance.now() - started) / 1000)}`,
          );
        }
        if (event.type !== 'verdict') return;
        if (json) terminal.print(JSON.stringify(event.verdict));
        else for (const text of verdictLines(event.verdict)) terminal.print(text);
      },
    },
  );
}

function readNumber(file: string): string {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read (${(error as Error).message}); give @ and the name of a file with a number.`,
    );
  }
  if (content.length > LARGEST_FILE)
    throw new UsageError(`${file} is too long for a number (${content.length} characters).`);
  return content.replace(/\s+/g, ' ').trim();
}

export function verdictLines(verdict: Verdict): string[] {
  const { digits, rounds, worstCaseLog2, witness, divisor, lucas, thorough, kernels, cpuSeconds } = verdict;
  const size = `${count(digits)} ${digits === 1 ? 'digit' : 'digits'}, ${duration(cpuSeconds)} CPU`;
  const openSsl = thorough === null ? [] : [`OpenSSL says: ${thorough}.`];
  switch (verdict.verdict) {
    case 'prime':
      return [`prime (${size})`, 'Below 2^64 the test is deterministic: this is certain.', ...openSsl];
    case 'composite':
      if (witness === null) {
        return [`composite (${size})`, `It passes ${rounds} Rabin rounds and fails the strong Lucas test.`, ...openSsl];
      }
      return [
        `composite (${size})`,
        divisor ? `${witness} divides it.` : `Witness: it is no strong probable prime to base ${abbreviated(witness)}.`,
        ...openSsl,
      ];
    case 'probable prime':
      return [
        `probable prime (${size})`,
        `Worst case: a composite would pass these ${rounds} rounds with probability at most ${powerOfTwo(worstCaseLog2)}, whoever chose it.`,
        'Average case: says nothing here, the number was chosen and not drawn.',
        `Strong Lucas test: ${lucas ?? '–'}; checked by two kernels (${kernels.join(', ')}).`,
        ...openSsl,
      ];
  }
}
