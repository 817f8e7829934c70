/**
 * Tests a second, as they are shown and as the expected time is reckoned from: since the start, or since the pace was changed.
 * Right after a change there is nothing to measure; what is expected then is the speed before it, as many times
 * faster or slower as the pace is, and it counts as a few seconds of measurement.
 */

/** What is expected counts as so many seconds. */
const EXPECTED_SECONDS = 10;

export interface Done {
  readonly tested: number;
  /** Not counting pauses. */
  readonly seconds: number;
}

export class Speed {
  private since: Done;
  private expected: Done = { tested: 0, seconds: 0 };

  constructor(since: Done) {
    this.since = since;
  }

  /** null before there is any. */
  perSecond(now: Done): number | null {
    const { tested, seconds } = this.measured(now);
    return seconds > 0 && tested > 0 ? tested / seconds : null;
  }

  /** From now on it should be so many times as fast. */
  changed(now: Done, factor: number): void {
    const before = this.perSecond(now);
    const seconds = Math.min(EXPECTED_SECONDS, this.measured(now).seconds);
    this.expected = before === null ? { tested: 0, seconds: 0 } : { tested: before * factor * seconds, seconds };
    this.since = now;
  }

  private measured({ tested, seconds }: Done): Done {
    return {
      tested: this.expected.tested + tested - this.since.tested,
      seconds: this.expected.seconds + seconds - this.since.seconds,
    };
  }
}
