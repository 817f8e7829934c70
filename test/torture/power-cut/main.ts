/** `npm run torture:power-cut`: every state in which a power cut may leave the disk, and what the program makes of it. */

import { readFileSync, writeFileSync } from 'node:fs';
import { endWrongUsage, readValues, show, wholeNumber } from '../../../build/lib/options.ts';
import { packRecording, type Recording, unpackRecording } from './operations.ts';
import { hasStrace, record } from './record.ts';
import { type Failure, type Replay, replay } from './replay.ts';
import { RECORDED, SCENARIOS } from './scenarios.ts';

const HELP = `Usage: npm run torture:power-cut -- [options]

Records what real searches write (with strace; where that is missing the recordings of the tests are
taken), cuts the power after every operation, opens the store in every state that a file system may then
leave, and looks that nothing is lost and nothing is there twice.

  --seed S        repeats the random states; a whole number (random)
  --mixtures N    random states at every instant, besides the plain ones (6)
  --states N      states for each recording, about (2000); where something else than the logs is written
                  the power is always cut
  --record        makes the recordings of the tests anew, and nothing else
`;

function failureLines({ instant, lost, problem, files }: Failure, { operations }: Recording): string {
  const lately = operations.slice(Math.max(0, instant - 6), instant).map((operation) => {
    const { do: what, ...rest } = operation;
    const text = 'data' in rest ? `${rest.name} ${rest.at}+${rest.data.length}` : Object.values(rest).join(' ');
    return `    ${what} ${text.slice(0, 100)}`;
  });
  const there = [...files].map(([name, { length }]) => `    ${name} (${length} bytes)`);
  return [
    `FAILED after operation ${instant}, lost: ${lost}: ${problem}`,
    '  after',
    ...lately,
    '  there is',
    ...there,
    '',
  ].join('\n');
}

function resultLines(name: string, { operations }: Recording, result: Replay): string {
  const syncs = operations.filter((operation) => operation.do === 'sync').length;
  const kinds = [...result.kinds].map(([kind, states]) => `  ${String(states).padStart(6)}  lost: ${kind}`);
  const told = [...result.told].map(([sentence, times]) => `  ${String(times).padStart(6)}  told: ${sentence}`);
  return [
    `${name}: ${operations.length} operations (${syncs} syncs), cut at ${result.instants}`,
    `${result.states} states opened (${result.repeated} more were the same), slowest ${result.slowestMs.toFixed(0)} ms, ${result.failures.length} failed`,
    ...kinds,
    ...told,
    '',
  ].join('\n');
}

/** Enough instants for so many states, when all of them give too many. */
function shareOf({ operations }: Recording, states: number): number {
  const statesAnInstant = 5;
  return Math.min(1, states / (statesAnInstant * operations.length));
}

async function main(): Promise<void> {
  const values = readValues(process.argv.slice(2), ['seed', 'mixtures', 'states'], ['record']);
  if (values.help === true) {
    show(HELP);
    return;
  }
  if (values.record === true) {
    for (const { scenario, file } of RECORDED) writeFileSync(file, packRecording(await record(scenario)));
    return;
  }
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : wholeNumber('seed', values.seed, 0);
  const mixtures = wholeNumber('mixtures', values.mixtures ?? '6', 0);
  const wanted = wholeNumber('states', values.states ?? '2000', 1);
  const live = hasStrace();
  show(`seed ${seed}${live ? '' : '; there is no strace here: the recordings of the tests are taken'}\n\n`);
  let states = 0;
  let failures = 0;
  const recordings = live
    ? SCENARIOS.map((scenario) => ({ name: scenario.name, make: () => record(scenario) }))
    : RECORDED.map(({ scenario, file }) => ({
        name: scenario.name,
        make: async () => unpackRecording(readFileSync(file)),
      }));
  for (const { name, make } of recordings) {
    const recording = await make();
    const result = await replay(recording, { seed, mixtures, share: shareOf(recording, wanted) });
    show(`${resultLines(name, recording, result)}\n`);
    for (const failure of result.failures.slice(0, 5)) show(`${failureLines(failure, recording)}\n`);
    states += result.states;
    failures += result.failures.length;
  }
  show(`${states} crash states, ${failures} failed\n`);
  if (failures > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  endWrongUsage(error, 'npm run torture:power-cut --');
}
