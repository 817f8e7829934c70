/**
 * The cruncher that searches: which search it is, the pauses and the pace that hold for it, over all its restarts. Pauses go out
 * before the job, so that a search that shall not run never does. Another search stops this one, which is kept as it is.
 */

import type { Result } from '../contract/bridge.ts';
import type { AnswerTo, Question } from '../contract/library.ts';
import type { Command, CruncherEvent, SearchJob } from '../contract/messages.ts';
import type { WantedPause } from '../contract/pause.ts';
import type { CruncherProcess } from '../supervisor/cruncher-process.ts';
import { type StopLimits, Supervisor, type SupervisorEvent } from '../supervisor/supervisor.ts';
import type { HostClock, Log } from './edges.ts';
import { readEvent } from './events.ts';
import { afterStart } from './job.ts';
import type { Pace } from './manners/pace.ts';
import { Questions } from './questions.ts';

export interface SearchProcessOptions {
  readonly spawn: () => CruncherProcess<Command, unknown>;
  readonly clock: HostClock;
  readonly log: Log;
  readonly directory: string;
  /** CPU seconds between two checkpoints. */
  readonly checkpointEvery: number;
  readonly stopLimits?: StopLimits | undefined;
  readonly onEvent: (event: CruncherEvent) => void;
  /** It ended by itself and is started again, so many milliseconds later. */
  readonly onCrash: (crash: { failures: number; inMs: number; lastWords: readonly string[] }) => void;
  /** It will not run. */
  readonly onRefusal: (sentence: string) => void;
}

export interface Target {
  readonly digits: number;
  readonly errorLog2: number;
  /** null: goes on with the last search of this size and error, or begins one. */
  readonly seed: string | null;
}

export class SearchProcess {
  readonly #options: SearchProcessOptions;
  readonly #supervisor: Supervisor<Command, unknown>;
  readonly #questions: Questions;
  #job: SearchJob | null = null;
  #pauses: ReadonlySet<WantedPause> = new Set();
  #pace: Pace;
  #refusal = '';
  #lastWords: readonly string[] = [];
  #switching = false;
  #ended = false;

  constructor(options: SearchProcessOptions, pace: Pace) {
    this.#options = options;
    this.#pace = pace;
    const { spawn, clock, stopLimits } = options;
    this.#supervisor = new Supervisor<Command, unknown>({
      spawn,
      stopMessage: { type: 'stop' },
      clock: { now: () => clock.steady(), after: (milliseconds, call) => clock.after(milliseconds, call) },
      ...(stopLimits === undefined ? {} : { stopLimits }),
    });
    this.#questions = new Questions(clock, (command) => this.#send(command));
    this.#supervisor.onMessage((message) => this.#received(message));
    this.#supervisor.onEvent((event) => this.#heard(event));
  }

  /** Searches for this from now on. The search before, if there is one, is saved and ended first. */
  search(target: Target): void {
    const { directory, checkpointEvery } = this.#options;
    const { digits, errorLog2, seed } = target;
    this.#job = {
      type: 'search',
      directory,
      digits,
      errorLog2,
      seed,
      restart: null,
      count: null,
      workers: null,
      checkpointEvery,
      kernel: null,
    };
    if (this.#ended || this.#switching) return;
    if (this.#supervisor.state === 'idle') {
      this.#supervisor.start();
      return;
    }
    this.#switching = true;
    void this.#supervisor.stop().then(() => {
      this.#switching = false;
      if (!this.#ended) this.#supervisor.start();
    });
  }

  setPauses(pauses: ReadonlySet<WantedPause>): void {
    const before = this.#pauses;
    this.#pauses = pauses;
    for (const reason of pauses) if (!before.has(reason)) this.#send({ type: 'pause', reason });
    for (const reason of before) if (!pauses.has(reason)) this.#send({ type: 'resume', reason });
  }

  setPace(pace: Pace): void {
    if (pace.workers === this.#pace.workers && pace.share === this.#pace.share) return;
    this.#pace = pace;
    this.#send({ type: 'pace', ...pace });
  }

  /** Asks for a checkpoint. While it is paused everything is saved. */
  save(): void {
    if (this.#pauses.size > 0) return;
    this.#send({ type: 'pause', reason: 'snooze' });
    this.#send({ type: 'resume', reason: 'snooze' });
  }

  /** What changes the store. */
  async ask<Q extends Extract<Question, { ask: 'remove' | 'restore' }>>(
    question: Q,
  ): Promise<Result<AnswerTo<Q['ask']>>> {
    if (this.#job === null || this.#ended || this.#supervisor.state === 'idle') {
      return { ok: false, sentence: 'That needs the search, which does not run: see why on its page.' };
    }
    return this.#questions.ask(question);
  }

  /** Saves and ends; does not start again. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#questions.giveUp('nice19 is ending.');
    await this.#supervisor.stop();
  }

  #send(command: Command): boolean {
    return !this.#switching && this.#supervisor.send(command);
  }

  #received(message: unknown): void {
    const event = readEvent(message, this.#options.log);
    if (event === null || this.#questions.hear(event)) return;
    if (event.type === 'refused') this.#refusal = event.sentence;
    // While another search is begun, what is heard is still of the one before.
    if (event.type === 'started' && this.#job !== null && !this.#switching)
      this.#job = afterStart(this.#job, event.spec);
    if (!(event.type === 'started' && this.#switching)) this.#options.onEvent(event);
  }

  #heard(event: SupervisorEvent): void {
    const { onCrash, onRefusal, log } = this.#options;
    log(`search: ${sentenceOf(event)}`);
    switch (event.type) {
      case 'started':
        this.#refusal = '';
        this.#begin();
        return;
      case 'crashed':
      case 'left':
        this.#lastWords = event.lastWords;
        return;
      case 'restarting':
        onCrash({ failures: event.failures, inMs: event.inMs, lastWords: this.#lastWords });
        return;
      case 'refused':
        this.#questions.giveUp(this.#refusal);
        onRefusal(this.#refusal || 'The search does not run, and did not say why.');
        return;
      case 'stopped':
        // A search that could not save its last work says so with its last word.
        if (this.#refusal !== '') onRefusal(this.#refusal);
        return;
    }
  }

  #begin(): void {
    if (this.#job === null) return;
    this.#sendPauses();
    this.#supervisor.send({ type: 'pace', ...this.#pace });
    this.#supervisor.send({ type: 'job', job: this.#job });
    this.#sendPauses();
    this.#questions.askAgain();
  }

  #sendPauses(): void {
    for (const reason of this.#pauses) this.#supervisor.send({ type: 'pause', reason });
  }
}

/** A line of the log. */
export function sentenceOf(event: SupervisorEvent): string {
  const ended = (code: number | null, signal: string | null) =>
    signal === null ? `with code ${code}` : `by ${signal}`;
  switch (event.type) {
    case 'started':
      return `started, process ${event.pid ?? 'unknown'}`;
    case 'restarting':
      return `starts again in ${event.inMs} ms, after ${event.failures} failures`;
    case 'stopped':
      return `stopped ${ended(event.code, event.signal)}, asked by ${event.by}`;
    default:
      return [`${event.type} ${ended(event.code, event.signal)}`, ...event.lastWords].join(' | ');
  }
}
