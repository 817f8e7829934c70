/**
 * Computing only a share of the time: after each turn of work a rest that is as much longer as the share wants, 30 ms of
 * work and 270 ms of rest for a tenth. A turn is too short for a fan or an ear to follow. It is CPU time that counts: a thread that
 * a busy machine keeps waiting owes no rest for that, and computes no more than its share all the same.
 */

/** Rest is due after this much work, half a turn of worker.ts: what its clock steps over is in the next. */
const LEAST_WORK_MS = 15;
/** A timer waits whole milliseconds; what is left over is in the next rest. */
const SHORTEST_REST_MS = 1;
/** Resting too long, as timers do on a busy machine, is made up for, but no further than this. */
const MOST_CREDIT_MS = 30;

export class Duty {
  private readonly cpuSeconds: () => number;
  private share = 1;
  /** The clock, up to which rest is owed. */
  private counted: number;
  private owed = 0;

  /** @param cpuSeconds of this thread so far, in whatever steps */
  constructor(cpuSeconds: () => number) {
    this.cpuSeconds = cpuSeconds;
    this.counted = cpuSeconds();
  }

  /** From now on this share, above 0 to 1. */
  keepTo(share: number): void {
    this.share = share;
    this.counted = this.cpuSeconds();
    this.owed = 0;
  }

  /** Milliseconds to rest now; 0: go on. */
  due(): number {
    if (this.share === 1) return 0;
    const now = this.cpuSeconds();
    const worked = 1000 * (now - this.counted);
    if (worked < LEAST_WORK_MS) return 0;
    this.counted = now;
    this.owed += (worked * (1 - this.share)) / this.share;
    return this.owed < SHORTEST_REST_MS ? 0 : this.owed;
  }

  rested(milliseconds: number): void {
    this.owed = Math.max(-MOST_CREDIT_MS, this.owed - milliseconds);
  }
}
