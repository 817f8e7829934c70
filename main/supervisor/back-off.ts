/** How long to wait before the cruncher is started again: twice as long after each crash, and no time is lost on
 * one that ran well for a while before. */

export interface BackOffLimits {
  readonly firstMs: number;
  readonly longestMs: number;
  /** A run of this length counts as healthy: the next wait is the first again. */
  readonly healthyMs: number;
}

export const BACK_OFF: BackOffLimits = { firstMs: 1000, longestMs: 300_000, healthyMs: 600_000 };

export class BackOff {
  readonly #limits: BackOffLimits;
  #failures = 0;

  constructor(limits: BackOffLimits = BACK_OFF) {
    this.#limits = limits;
  }

  /** Failures one after the other, the last included. */
  get failures(): number {
    return this.#failures;
  }

  /**
   * A run ended that should not have.
   * @param ranMs how long it had run
   * @returns how long to wait before the next, in milliseconds
   */
  afterFailure(ranMs: number): number {
    if (ranMs >= this.#limits.healthyMs) this.#failures = 0;
    const wait = Math.min(this.#limits.firstMs * 2 ** this.#failures, this.#limits.longestMs);
    this.#failures++;
    return wait;
  }

  reset(): void {
    this.#failures = 0;
  }
}
