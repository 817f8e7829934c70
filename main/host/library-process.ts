/**
 * The cruncher that answers questions about the directory: it runs while somebody looks, and a minute longer; or when there is a
 * question anyway. It only reads, so that its crashes cost nothing but time.
 */

import type { Result } from '../contract/bridge.ts';
import type { AnswerTo, Question } from '../contract/library.ts';
import type { Command } from '../contract/messages.ts';
import type { CruncherProcess } from '../supervisor/cruncher-process.ts';
import { type StopLimits, Supervisor, type SupervisorEvent } from '../supervisor/supervisor.ts';
import type { HostClock, Log } from './edges.ts';
import { readEvent } from './events.ts';
import { Questions } from './questions.ts';
import { sentenceOf } from './search-process.ts';

export interface LibraryOptions {
  readonly spawn: () => CruncherProcess<Command, unknown>;
  readonly clock: HostClock;
  readonly log: Log;
  readonly directory: string;
}

/** A window that is closed is often opened again soon. */
const GRACE_MS = 60_000;
/** It has nothing to save. */
const STOP_LIMITS: StopLimits = { askedMs: 2_000, terminatedMs: 1_000 };

export class LibraryProcess {
  readonly #options: LibraryOptions;
  readonly #supervisor: Supervisor<Command, unknown>;
  readonly #questions: Questions;
  #wanted = false;
  #cancelGrace: () => void = () => {};
  #refusal = '';
  #stopping = false;
  #ended = false;

  constructor(options: LibraryOptions) {
    this.#options = options;
    const { spawn, clock } = options;
    this.#supervisor = new Supervisor<Command, unknown>({
      spawn,
      stopMessage: { type: 'stop' },
      clock: { now: () => clock.steady(), after: (milliseconds, call) => clock.after(milliseconds, call) },
      stopLimits: STOP_LIMITS,
    });
    this.#questions = new Questions(clock, (command) => this.#supervisor.send(command));
    this.#supervisor.onMessage((message) => {
      const event = readEvent(message, options.log);
      if (event === null || this.#questions.hear(event)) return;
      if (event.type === 'refused') this.#refusal = event.sentence;
      if (event.type === 'warning') options.log(`library: ${event.sentence}`);
    });
    this.#supervisor.onEvent((event) => this.#heard(event));
  }

  /** Whether somebody looks. */
  setWanted(wanted: boolean): void {
    this.#wanted = wanted;
    if (wanted) this.#start();
    else this.#endLater();
  }

  async ask<Q extends Question>(
    question: Q,
    onFraction?: (fraction: number) => void,
  ): Promise<Result<AnswerTo<Q['ask']>>> {
    if (this.#ended) return { ok: false, sentence: 'nice19 is ending.' };
    this.#start();
    const result = await this.#questions.ask(question, onFraction);
    if (!this.#wanted) this.#endLater();
    return result;
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#cancelGrace();
    this.#questions.giveUp('nice19 is ending.');
    await this.#supervisor.stop();
  }

  #start(): void {
    this.#cancelGrace();
    if (!this.#ended && !this.#stopping) this.#supervisor.start();
  }

  #endLater(): void {
    this.#cancelGrace();
    if (this.#ended) return;
    this.#cancelGrace = this.#options.clock.after(GRACE_MS, () => {
      if (this.#wanted || this.#stopping) return;
      // A recheck goes on without anybody looking at it.
      if (this.#questions.waiting > 0) return;
      this.#stopping = true;
      void this.#supervisor.stop().then(() => {
        this.#stopping = false;
        if (this.#wanted || this.#questions.waiting > 0) this.#start();
      });
    });
  }

  #heard(event: SupervisorEvent): void {
    const { log, directory } = this.#options;
    log(`library: ${sentenceOf(event)}`);
    if (event.type === 'started') {
      this.#refusal = '';
      this.#supervisor.send({ type: 'job', job: { type: 'library', directory } });
      this.#questions.askAgain();
    }
    if (event.type === 'refused')
      this.#questions.giveUp(this.#refusal || 'The primes cannot be read, and nobody said why.');
  }
}
