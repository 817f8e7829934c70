/** The clock of the computer jumps, by years, while it runs and between starts; and the computer sleeps for days. */

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Tools } from '../tools.ts';
import type { Fault, Scene } from './fault.ts';
import { caught } from './moments.ts';

const YEAR = 365 * 86_400;
const DAY = 86_400;
const LONGEST_SLEEP_MS = 1500;
/** The library looks at the file once a second; looking at every reading of the clock would cost more than the search. */
const LOOK_EVERY_S = 1;

class Clock {
  private readonly file: string;
  private readonly next: string;
  private offset = 0;

  constructor(subject: Subject, library: string) {
    this.file = join(subject.options.directory, 'clock');
    this.next = join(subject.options.directory, 'clock.next');
    this.set(0);
    Object.assign(subject.environment, {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: String(LOOK_EVERY_S),
      DONT_FAKE_MONOTONIC: '1',
    });
  }

  /** Seconds from the true time. */
  set(offset: number): void {
    this.offset = offset;
    writeFileSync(this.next, `${offset < 0 ? '' : '+'}${offset}s\n`);
    // At once: a file that is half written would be no time at all.
    renameSync(this.next, this.file);
  }

  forward(seconds: number): void {
    this.set(this.offset + seconds);
  }

  /** Whether a time that the program says is of this clock. */
  says(at: string): boolean {
    return Math.abs(Date.parse(at) - (Date.now() + this.offset * 1000)) < 60_000;
  }
}

/** Whether the next checkpoints are of the new time. */
async function tookEffect(subject: Subject, clock: Clock): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    const life = await subject.running();
    const said = await life?.next('checkpoint');
    if (subject.isComplete) return false;
    if (said !== undefined && said !== null && clock.says(String(said['at']))) return true;
  }
  return false;
}

function jumping(tools: Tools): Scene {
  let clock: Clock | null = null;
  return {
    prepare(subject) {
      clock = new Clock(subject, tools.faketime as string);
    },
    async inject(subject, random) {
      const life = await caught(subject, random);
      if (life === null || clock === null) return 0;
      const offset = Math.round((random.real() * 20 - 10) * YEAR);
      subject.hitWithin(`the clock jumps to ${offset} s from now`);
      const between = random.chance(0.3);
      if (between) {
        life.parent.signal('SIGTERM');
        await life.ended;
      }
      clock.set(offset);
      return (await tookEffect(subject, clock)) ? 1 : 0;
    },
  };
}

/** All of it stands still and goes on, days later as the clock says. */
function sleeping(tools: Tools): Scene {
  let clock: Clock | null = null;
  return {
    prepare(subject) {
      if (tools.faketime !== null) clock = new Clock(subject, tools.faketime);
    },
    async inject(subject: Subject, random: Random) {
      if ((await caught(subject, random)) === null) return 0;
      const all = subject.processes;
      subject.hitWithin('the computer sleeps');
      for (const process of all) process.signal('SIGSTOP');
      await pause(random.real() * LONGEST_SLEEP_MS);
      clock?.forward(Math.round((1 + random.real() * 9) * DAY));
      for (const process of all) process.signal('SIGCONT');
      const life = subject.life;
      await life?.next('prime', 'checkpoint', 'done');
      return all.length > 0 ? 1 : 0;
    },
  };
}

export const CLOCKS: readonly Fault[] = [
  {
    name: 'clock-jumps',
    idea: 'the clock jumps by up to ten years, back and forward, also between two starts (libfaketime)',
    perRun: 10,
    missing: ({ faketime }) => (faketime === null ? 'needs libfaketime' : null),
    scene: jumping,
  },
  {
    name: 'suspend',
    idea: 'every process stands still for a while (SIGSTOP), and days have gone by on the clock (libfaketime)',
    perRun: 10,
    scene: sleeping,
  },
];
