/**
 * A program of the foreground, as processes.ts starts it: does what it is told for so long, at nice 0, and answers.
 *
 * `compute` is a program that is always busy: how much it got done. `frames` is one that is not, but computes 4 ms
 * every 16 ms, as a window does that redraws: how long after it should have woken each frame was ready, in milliseconds.
 * Waiting for a core is what hurts.
 */

export interface Order {
  readonly does: 'compute' | 'frames';
  readonly milliseconds: number;
}

const FRAME_MS = 4;
const SLEEP_MS = 12;

/** Work of always the same length, some ten microseconds. */
function turn(x: number): number {
  let y = x;
  for (let i = 0; i < 20_000; i++) y = (y * 48_271) % 2_147_483_647;
  return y;
}

function compute(milliseconds: number): number {
  const end = performance.now() + milliseconds;
  let rounds = 0;
  for (let x = 1; performance.now() < end && x > 0; rounds++) x = turn(x);
  return rounds;
}

async function drawFrames(milliseconds: number, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (const end = performance.now() + milliseconds; performance.now() < end; ) {
    const due = performance.now() + SLEEP_MS;
    await new Promise((resolve) => setTimeout(resolve, SLEEP_MS));
    let x = 1;
    for (let round = 0; round < rounds; round++) x = turn(x);
    if (x > 0) times.push(performance.now() - due);
  }
  return times;
}

// The fastest of several: what else runs makes it slower.
const speeds = Array.from({ length: 10 }, () => compute(20) / 20);
const rounds = Math.max(1, Math.round(FRAME_MS * Math.max(...speeds)));
process.on('message', async ({ does, milliseconds }: Order) => {
  process.send?.(does === 'frames' ? await drawFrames(milliseconds, rounds) : [compute(milliseconds)]);
});
process.once('disconnect', () => process.exit());
process.send?.([]);
