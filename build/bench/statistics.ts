/**
 * What many measurements come to. Minima and medians, because what disturbs a measurement makes it longer; ratios pair
 * by pair, because what disturbs the machine for seconds disturbs both of a pair.
 */

export interface Spread {
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('expected at least one measurement');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
  return { minimum: sorted[0] as number, median, maximum: sorted.at(-1) as number };
}

/** A mean and its standard error. */
export interface Mean {
  readonly mean: number;
  readonly error: number;
}

export function meanOf(values: readonly number[]): Mean {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: count > 1 ? Math.sqrt(squares / (count - 1) / count) : Number.POSITIVE_INFINITY };
}

/**
 * The mean of y without the luck of the draw in x, whose expectation is known: y is regressed on x, and the line read
 * at the expectation (a control variate; Glasserman, "Monte Carlo Methods in Financial Engineering", 4.1). The error
 * is that of what the line does not explain.
 */
export function controlledMean(xs: readonly number[], ys: readonly number[], expectation: number): Mean {
  const [x, y] = [meanOf(xs).mean, meanOf(ys).mean];
  const products = xs.reduce((sum, value, k) => sum + (value - x) * ((ys[k] as number) - y), 0);
  const squares = xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  const slope = squares > 0 ? products / squares : 0;
  const unexplained = ys.reduce((sum, value, k) => sum + (value - y - slope * ((xs[k] as number) - x)) ** 2, 0);
  const freedom = Math.max(1, xs.length - 2);
  const leverage = 1 / xs.length + (squares > 0 ? (expectation - x) ** 2 / squares : 0);
  return { mean: y + slope * (expectation - x), error: Math.sqrt((unexplained / freedom) * leverage) };
}

/** a/b with the error of both. */
export function ratioOf(a: Mean, b: Mean): Mean {
  const mean = a.mean / b.mean;
  return { mean, error: mean * Math.hypot(a.error / a.mean, b.error / b.mean) };
}

/** y = intercept + slope·x by least squares, with the standard error of the slope. */
export interface Line {
  readonly slope: number;
  readonly error: number;
  readonly intercept: number;
}

/** @throws RangeError unless there are at least three points */
export function lineThrough(xs: readonly number[], ys: readonly number[]): Line {
  if (xs.length < 3 || xs.length !== ys.length) throw new RangeError('expected at least three points');
  const [x, y] = [meanOf(xs).mean, meanOf(ys).mean];
  const squares = xs.reduce((sum, value) => sum + (value - x) ** 2, 0);
  const slope = xs.reduce((sum, value, k) => sum + (value - x) * ((ys[k] as number) - y), 0) / squares;
  const intercept = y - slope * x;
  const residues = ys.reduce((sum, value, k) => sum + (value - intercept - slope * (xs[k] as number)) ** 2, 0);
  return { slope, intercept, error: Math.sqrt(residues / (xs.length - 2) / squares) };
}
