/** `nice19 status` and `nice19 checkpoint`: where a search stands. */

import type { CruncherEvent, Status } from '../contract/messages.ts';
import { count, duration, localTime, plural, powerOfTwo } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

export function statusCommand(directory: string, json: boolean, terminal: Terminal): Promise<Outcome> {
  return runJob(
    { type: 'status', directory },
    {
      onEvent(event) {
        if (event.type !== 'status') return;
        if (json) terminal.print(JSON.stringify(event.status));
        else for (const line of statusLines(event.status)) terminal.print(line);
      },
    },
  );
}

export function exportCommand(directory: string, file: string, json: boolean, terminal: Terminal): Promise<Outcome> {
  return runJob(
    { type: 'export', directory, file },
    {
      onEvent(event) {
        if (event.type !== 'exported') return;
        const { bytes, found, inProgress } = event;
        if (json) terminal.print(JSON.stringify({ file, bytes, found, inProgress }));
        else {
          terminal.print(
            `${file}: ${count(bytes)} bytes, ${plural(found, 'prime')}, ${plural(inProgress, 'test')} in progress. Go on from it with: nice19 search --restart ${file} --data DIR`,
          );
        }
      },
    },
  );
}

export function showCommand(file: string, json: boolean, terminal: Terminal): Promise<Outcome> {
  return runJob(
    { type: 'show', file },
    {
      onEvent(event) {
        if (event.type !== 'shown') return;
        const { type: _, ...shown } = event;
        if (json) terminal.print(JSON.stringify(shown));
        else for (const line of shownLines(event)) terminal.print(line);
      },
    },
  );
}

function statusLines(status: Status): string[] {
  const { directory, running, search, primes, searches, cpuSecondsInAll, priority } = status;
  if (search === null) return [`Nothing has been searched in ${directory} yet; begin with "nice19 search".`];
  const state = running === null ? 'stopped' : `running (process ${running.pid}, since ${localTime(running.since)})`;
  const lines = [
    `Directory      ${directory}`,
    `State          ${state}`,
    ...searchLines(search),
    `In all         ${plural(primes, 'prime')} of ${plural(searches, 'search', 'searches')}, ${duration(cpuSecondsInAll)} of CPU time`,
  ];
  if (priority !== null) lines.push(`Priority       ${priority.sentence}`);
  return lines;
}

function searchLines(search: NonNullable<Status['search']>): string[] {
  const { spec, found, tested, arithmeticErrors, position, cpuSeconds, inProgress, savedAt } = search;
  return [
    `Search         ${count(spec.digits)} digits, error at most ${powerOfTwo(spec.errorLog2)}, seed ${spec.seed}`,
    `Found          ${plural(found, 'prime')}, ${count(tested)} candidates tested`,
    `Position       block ${count(position.block)}, odd number ${count(position.index)}; ${plural(inProgress, 'test')} in progress`,
    `CPU time       ${duration(cpuSeconds)}`,
    ...(arithmeticErrors === 0
      ? []
      : [`Arithmetic     ${plural(arithmeticErrors, 'error')} found and put right; see "nice19 selftest"`]),
    ...(savedAt === null ? [] : [`Saved          ${localTime(savedAt)}`]),
  ];
}

function shownLines(event: Extract<CruncherEvent, { type: 'shown' }>): string[] {
  const { writtenAt, program, host, status, tests } = event;
  return [
    `Checkpoint     written ${localTime(writtenAt)} by ${program} on ${host}`,
    ...(status.search === null ? [] : searchLines({ ...status.search, savedAt: null })),
    ...tests.map(
      ({ block, offset, stage, bit }) =>
        `In progress    block ${count(block)}, odd number ${count(offset)}: ${stage}, at bit ${count(bit)}`,
    ),
  ];
}
