/** What a process holds: heap after a garbage collection, resident memory, open files; and whether it grows. */

import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Footprint {
  /** Bytes. */
  readonly heap: number;
  readonly resident: number;
  /** Open file descriptors; 0 where the system does not list them. */
  readonly files: number;
}

let collect: (() => void) | null = null;

function collectGarbage(): void {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  // What the first one finalises the second one frees.
  collect();
  collect();
}

export function footprint(): Footprint {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, resident: rss, files: openFiles() };
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

/** Slope of the line through points by least squares. */
export function slope(xs: readonly number[], ys: readonly number[]): number {
  if (xs.length !== ys.length || xs.length < 2) throw new RangeError(`expected points, got ${xs.length} of them`);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const covariance = xs.reduce((sum, x, k) => sum + (x - x0) * ((ys[k] as number) - y0), 0);
  const variance = xs.reduce((sum, x) => sum + (x - x0) ** 2, 0);
  return covariance / variance;
}

export interface Sample extends Footprint {
  readonly finds: number;
}

export interface Growth {
  /** Bytes a find, over the second half. */
  readonly heap: number;
  readonly resident: number;
  /** Descriptors at the end more than in the middle. */
  readonly files: number;
}

/** What a week may grow by: over 250,000 finds 2 MB of heap, 16 MB of pages that the system lends. */
export const LARGEST_GROWTH: Growth = { heap: 8, resident: 64, files: 0 };

/** The first half is for warming up: caches fill, code is compiled. */
export function growth(samples: readonly Sample[]): Growth {
  const half = samples.slice(Math.floor(samples.length / 2));
  const finds = half.map((sample) => sample.finds);
  return {
    heap: slope(
      finds,
      half.map(({ heap }) => heap),
    ),
    resident: slope(
      finds,
      half.map(({ resident }) => resident),
    ),
    files: (half.at(-1) as Sample).files - (half[0] as Sample).files,
  };
}
