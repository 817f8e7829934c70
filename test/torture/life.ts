/**
 * One start of `nice19 search` as a user makes it: a process that prints a JSON object a line. A line counts as said
 * when all of it came out; what is cut off by a SIGKILL was never said.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TortureFailure } from './failure.ts';
import { Process } from './processes.ts';

/** The terminal program. */
export const CLI = fileURLToPath(new URL('../../main/cli/main.ts', import.meta.url));
/** At the lowest priority, beside other work, a search may be quiet for long. */
const LONGEST_SILENCE_MS = 300_000;

export interface Said {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errors: string;
}

export class Life {
  readonly parent: Process;
  readonly ended: Promise<End>;
  /** How it ended, once it has. */
  end: End | null = null;
  /** Whether it has said that it searches; not while its cruncher has to be started again. */
  isSearching = false;
  private readonly waiting = new Set<(said: Said | null) => void>();
  private childSeen: Process | null = null;

  /**
   * @param command the program and its arguments
   * @param hear is told each line, in order, before anyone who waits for it
   */
  constructor(command: readonly string[], environment: NodeJS.ProcessEnv, hear: (said: Said, life: Life) => void) {
    const [program, ...args] = command as [string, ...string[]];
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      detached: true,
    });
    if (child.pid === undefined) throw new Error('nice19 could not be started');
    this.parent = new Process(child.pid);
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) this.heard(line, hear);
    });
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors.push(chunk));
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.end = { code, signal, errors: errors.join('').trim() };
      for (const wait of [...this.waiting]) wait(null);
      return this.end;
    });
  }

  /** The process that computes, as soon as there is one; one that was killed may have a follower. */
  get cruncher(): Process | null {
    this.childSeen = this.parent.children.at(-1) ?? this.childSeen;
    return this.childSeen;
  }

  private heard(line: string, hear: (said: Said, life: Life) => void): void {
    const said = JSON.parse(line) as Said;
    if (said.event === 'started') this.isSearching = true;
    if (said.event === 'restarting' || said.event === 'done') this.isSearching = false;
    hear(said, this);
    for (const wait of [...this.waiting]) wait(said);
  }

  /**
   * The next line, from now on, of one of these events; null when it ends before.
   * @throws TortureFailure after minutes of waiting
   */
  next(...events: readonly string[]): Promise<Said | null> {
    if (this.end !== null) return Promise.resolve(null);
    const { promise, resolve, reject } = Promise.withResolvers<Said | null>();
    const limit = setTimeout(() => {
      reject(new TortureFailure(`no ${events.join(' or ')} for ${LONGEST_SILENCE_MS / 1000} s`));
    }, LONGEST_SILENCE_MS);
    const wait = (said: Said | null): void => {
      if (said === null || events.includes(said.event)) resolve(said);
    };
    this.waiting.add(wait);
    return promise.finally(() => {
      this.waiting.delete(wait);
      clearTimeout(limit);
    });
  }

  /** Ends it and everything below it by SIGKILL, and waits until it is read to its end. */
  async kill(): Promise<void> {
    this.parent.signal('SIGSTOP');
    this.cruncher?.signal('SIGKILL');
    this.parent.signal('SIGKILL');
    await this.ended;
  }
}
