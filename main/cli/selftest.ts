/** `nice19 selftest`: how it goes, what was wrong, and the tables at the end. */

import type { Fault, SelfTestProgress, SelfTestReport } from '../contract/selftest.ts';
import type { CommandLine } from './command-line.ts';
import { count, duration, plural } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

export async function selfTestCommand(
  line: Extract<CommandLine, { command: 'selftest' }>,
  terminal: Terminal,
): Promise<Outcome> {
  const { job, json } = line;
  const faults: Fault[] = [];
  let begun = false;
  const outcome = await runJob(job, {
    onEvent(event) {
      if (event.type === 'selftesting') {
        if (!begun && !json) terminal.say(startLine(event.progress));
        begun = true;
        terminal.live(progressLine(event.progress));
      }
      if (event.type === 'fault') {
        faults.push(event.fault);
        if (!json) terminal.say(faultLine(event.fault));
      }
      if (event.type !== 'selftested') return;
      terminal.settle();
      if (json) terminal.print(JSON.stringify({ ...event.report, faults }));
      else for (const text of reportLines(event.report)) terminal.print(text);
    },
  });
  return outcome.end === 'answered' && faults.length > 0 ? { end: 'failed' } : outcome;
}

interface Place {
  readonly thread: number;
  readonly core: number | null;
}

const placeName = ({ thread, core }: Place): string => (core === null ? `thread ${thread + 1}` : `core ${core}`);

const startLine = ({ threads, ofSeconds }: SelfTestProgress): string =>
  `Testing on ${plural(threads.length, 'thread')}${ofSeconds > 0 ? ` for ${duration(ofSeconds)}` : ''}. Ctrl-C ends it with what was seen so far.`;

export function progressLine({ seconds, ofSeconds, tests, errors, threads }: SelfTestProgress): string {
  const time =
    seconds < ofSeconds ? `${duration(seconds)} of ${duration(ofSeconds)}` : `${duration(seconds)}, finishing`;
  const found = errors === 0 ? 'no errors' : plural(errors, 'error');
  const busy = threads.flatMap(({ kernel, bits, ...place }) =>
    kernel === null ? [] : [`${placeName(place)}: ${kernel} ${count(bits)} bits`],
  );
  return [time, plural(tests, 'test'), found, busy.join(', ')].join(' · ');
}

export function faultLine({ kernel, bits, what, ...place }: Fault): string {
  const where = kernel === null ? placeName(place) : `${placeName(place)}, ${kernel} kernel, ${count(bits)} bits`;
  return `ERROR on ${where}: ${what}.`;
}

export function reportLines(report: SelfTestReport): string[] {
  const { complete, seconds, tests, errors, kernels, threads } = report;
  const lines = [row('kernel', 'bits', 'tests', 'errors')];
  for (const { kernel, notRun, ...seen } of kernels) {
    if (notRun !== null) lines.push(`${kernel.padEnd(12)}not run: ${notRun}`);
    else {
      const bits = seen.tests === 0 ? '–' : `${count(seen.smallestBits)} to ${count(seen.largestBits)}`;
      lines.push(row(kernel, bits, count(seen.tests), count(seen.errors)));
    }
  }
  lines.push('', row('where', '', 'tests', 'errors'));
  for (const { tests: ofThread, errors: wrong, ...place } of threads) {
    lines.push(row(placeName(place), '', count(ofThread), count(wrong)));
  }
  if (threads.some(({ core }) => core === null))
    lines.push('The threads were not bound to cores: the system moved them.');
  lines.push('', ...verdict(complete, seconds, tests, errors));
  return lines;
}

function verdict(complete: boolean, seconds: number, tests: number, errors: number): string[] {
  const early = complete ? '' : ', ended early';
  if (errors === 0) return [`No errors in ${plural(tests, 'test')}, ${duration(seconds)}${early}.`];
  return [
    `This computer makes arithmetic errors: ${plural(errors, 'error')} in ${plural(tests, 'test')}, ${duration(seconds)}${early}.`,
    'Undo overclocking and undervolting, look after the cooling, test the memory (memtest86+), and run this again.',
    'Until it finds nothing, do not leave a search to this computer: it would check its finds, but may miss primes.',
  ];
}

const row = (name: string, bits: string, tests: string, errors: string): string =>
  `${name.padEnd(12)}${bits.padStart(18)}${tests.padStart(12)}${errors.padStart(10)}`.trimEnd();
