/** `nice19 search`: the live line, the finds, and what is said at the beginning and the end. */

import type { CruncherEvent, Progress, SearchJob } from '../contract/messages.ts';
import type { PrimeRecord } from '../contract/prime-record.ts';
import { abbreviated, count, duration, percent, plural, powerOfTwo, rate } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

type EventOf<T extends CruncherEvent['type']> = Extract<CruncherEvent, { type: T }>;

export async function searchCommand(job: SearchJob, json: boolean, terminal: Terminal): Promise<Outcome> {
  const tell = json ? jsonTeller(terminal) : textTeller(job, terminal);
  const outcome = await runJob(job, tell);
  terminal.settle();
  return outcome;
}

/** One JSON object a line. */
export function jsonTeller(terminal: Terminal) {
  const print = (object: Record<string, unknown>) => terminal.print(JSON.stringify(object));
  return {
    onEvent(event: CruncherEvent) {
      switch (event.type) {
        case 'prime':
          print({ event: 'prime', ...event.record });
          return;
        case 'progress':
          print({ event: 'progress', ...event.progress });
          return;
        case 'refused':
          return;
        default: {
          const { type, ...rest } = event;
          print({ event: type, ...rest });
        }
      }
    },
    onRestart: (inMs: number, lastWords: readonly string[]) => print({ event: 'restarting', inMs, lastWords }),
  };
}

/** In words. */
export function textTeller(job: SearchJob, terminal: Terminal) {
  return {
    onEvent(event: CruncherEvent) {
      switch (event.type) {
        case 'started':
          for (const line of startLines(event)) terminal.say(line);
          return;
        case 'progress':
          terminal.live(liveLine(event.progress));
          return;
        case 'prime':
          terminal.print(findLine(event.record));
          return;
        case 'warning':
          terminal.say(`Warning: ${event.sentence}.`);
          return;
        case 'done':
          terminal.say(endLine(event, job));
          return;
        default:
          return;
      }
    },
    onRestart: (inMs: number, lastWords: readonly string[]) =>
      terminal.say(
        `The search stopped unexpectedly (${lastWords.at(-1) ?? 'without a word'}); it goes on from its last checkpoint in ${duration(inMs / 1000)}.`,
      ),
    onStopping: () => terminal.say('Saving …'),
  };
}

function startLines({ spec, resumed, found, cpuSeconds, workers, kernel, priority }: EventOf<'started'>): string[] {
  const sofar = resumed
    ? `Going on: ${plural(found, 'prime')} so far, ${duration(cpuSeconds)} of CPU time.`
    : 'A new search.';
  return [
    `Searching for primes of ${count(spec.digits)} digits, error at most ${powerOfTwo(spec.errorLog2)}, on ${plural(workers, 'core')}. ${sofar}`,
    `Kernel: ${kernel.kernel} (${kernel.why}). ${priority.sentence}`,
    `Ctrl-C saves and ends. Seed ${spec.seed}`,
  ];
}

/** One line: size, tests, rate, waiting time, finds, CPU time; and what the cores do when a test takes long. */
export function liveLine(progress: Progress): string {
  const { digits, tested, testsPerSecond, expectedSecondsToNext, found, unsaved, cpuSeconds, paused, workers } =
    progress;
  const waiting =
    unsaved === null ? [] : [unsaved === 0 ? 'not saving' : `not saving: ${plural(unsaved, 'prime')} waiting`];
  if (paused.length > 0) {
    const why = paused.map((reason) => (reason === 'cannot-save' ? 'cannot save' : reason)).join(', ');
    return [`${count(digits)} digits`, `paused (${why})`, plural(found, 'prime'), ...waiting].join(' · ');
  }
  const parts = [`${count(digits)} digits`, `${count(tested)} tested`];
  if (testsPerSecond !== null) parts.push(rate(testsPerSecond));
  if (expectedSecondsToNext !== null) parts.push(`next in about ${duration(expectedSecondsToNext)}`);
  parts.push(plural(found, 'prime'), ...waiting, `${duration(cpuSeconds)} CPU`);
  const slow = testsPerSecond !== null && testsPerSecond < workers.length;
  if (slow) parts.push(workers.map(({ stage, fraction }) => `${stage} ${percent(fraction)}`).join(', '));
  return parts.join(' · ');
}

function findLine(record: PrimeRecord): string {
  const { digits, decimal, verdict, worstCaseLog2, averageCaseLog2, cpuSeconds } = record;
  const size = `${count(digits)} digits`;
  const sure =
    verdict === 'prime'
      ? `prime, ${size}, certain`
      : `probable prime, ${size}, error ≤ ${powerOfTwo(worstCaseLog2)} (average case ${powerOfTwo(averageCaseLog2)})`;
  return `${abbreviated(decimal, 8)}  ${sure}, ${duration(cpuSeconds)} CPU`;
}

function endLine(
  { reason, found, foundNow, cpuSeconds }: EventOf<'done'>,
  { directory, count: wanted }: SearchJob,
): string {
  const where = directory.includes(' ') ? `"${directory}"` : directory;
  if (reason === 'already') {
    return `This search has ${plural(found, 'prime')} already, as many as --count ${wanted} asks for: see "nice19 primes --data ${where}", or give a larger count or another seed.`;
  }
  const all = found === foundNow ? '' : ` (${count(found)} in all)`;
  return `${plural(foundNow, 'prime')} found${all}, ${duration(cpuSeconds)} of CPU time. Everything is saved in ${where}.`;
}
