/**
 * What a process costs those in the foreground, in pairs: without it and with it take turns, seconds apart, so that what
 * else runs on the machine nearly cancels out of their ratio. The process is stopped and continued by signals.
 */

import type { ChildProcess } from 'node:child_process';
import { spreadOf } from '../bench/statistics.ts';
import { go, spentBy } from './processes.ts';

export interface Costs {
  /** Percent of their speed that busy programs kept, pair by pair. */
  readonly kept: readonly number[];
  /** Percent that the process took of what it and they got together, as the kernel counts it: it hardly depends on others. */
  readonly taken: readonly number[];
  /** Milliseconds to a frame of programs that mostly wait, pair by pair. */
  readonly frames: readonly { readonly without: readonly number[]; readonly with: readonly number[] }[];
}

export interface Plan {
  /** The process in the background. */
  readonly pid: number;
  readonly busy: readonly ChildProcess[];
  readonly waiting: readonly ChildProcess[];
  readonly pairs: number;
  /** Length of a run of each kind. */
  readonly milliseconds: number;
  readonly tell?: (pair: number) => void;
}

export async function measure({ pid, busy, waiting, pairs, milliseconds, tell = () => {} }: Plan): Promise<Costs> {
  const costs = { kept: [] as number[], taken: [] as number[], frames: [] as { without: number[]; with: number[] }[] };
  const cpuOfBusy = () => sum(busy.map((program) => spentBy(program.pid as number).cpu));
  const compute = async () => sum(await go(busy, { does: 'compute', milliseconds }));
  const draw = () => go(waiting, { does: 'frames', milliseconds });
  const without = async () => {
    process.kill(pid, 'SIGSTOP');
    return { done: await compute(), frames: await draw() };
  };
  const beside = async () => {
    process.kill(pid, 'SIGCONT');
    const before = [spentBy(pid).cpu, cpuOfBusy()] as const;
    const done = await compute();
    const [took, got] = [spentBy(pid).cpu - before[0], cpuOfBusy() - before[1]];
    return { done, taken: (100 * took) / (took + got), frames: await draw() };
  };
  for (let pair = 0; pair < pairs; pair++) {
    tell(pair);
    // What changes slowly must not always favour the same one.
    const order = pair % 2 === 0;
    const first = order ? await without() : null;
    const second = await beside();
    const alone = first ?? (await without());
    costs.kept.push((100 * second.done) / alone.done);
    costs.taken.push(second.taken);
    costs.frames.push({ without: alone.frames, with: second.frames });
  }
  process.kill(pid, 'SIGCONT');
  return costs;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Median and range. */
export function spread(values: readonly number[], digits: number): string {
  const { minimum, median, maximum } = spreadOf(values);
  return `${median.toFixed(digits)} (${minimum.toFixed(digits)}–${maximum.toFixed(digits)})`;
}

/** Of all frames of a kind, in milliseconds. */
export function framesAt(costs: Costs, kind: 'without' | 'with', share: number): number {
  return quantile(
    costs.frames.flatMap((pair) => pair[kind]),
    share,
  );
}

const RESAMPLES = 400;

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How many times longer the slow frames take, at this quantile of all frames; and where nine in ten of such ratios lie when the
 * pairs are drawn anew from those there are (the bootstrap; Efron and Tibshirani 1993). Frames of one run are not
 * independent, runs nearly are.
 */
export function slowdown(costs: Costs, share: number, random: () => number = Math.random): Interval {
  const ratio = (frames: Costs['frames']): number =>
    framesAt({ ...costs, frames }, 'with', share) / framesAt({ ...costs, frames }, 'without', share);
  const { frames } = costs;
  const drawn = Array.from({ length: RESAMPLES }, () =>
    ratio(frames.map(() => frames[Math.floor(random() * frames.length)] as Costs['frames'][number])),
  );
  return { value: ratio(frames), low: quantile(drawn, 0.05), high: quantile(drawn, 0.95) };
}
