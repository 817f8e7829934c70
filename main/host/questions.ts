/**
 * Questions to a cruncher that wait for their answers, by number. Each has a limit from the last word about it, and is asked
 * again once when the process ends before it answers.
 */

import type { Result } from '../contract/bridge.ts';
import type { Answer, AnswerTo, Question } from '../contract/library.ts';
import type { Command, CruncherEvent } from '../contract/messages.ts';
import type { HostClock } from './edges.ts';

interface Waiting {
  readonly question: Question;
  readonly limitMs: number;
  readonly resolve: (result: Result<Answer>) => void;
  readonly onFraction: (fraction: number) => void;
  cancel: () => void;
  /** Times that it was sent. */
  sent: number;
}

const MOST_SENDINGS = 2;
/** Another process may be at the store, and a disk be slow. */
const LIMIT_MS = 30_000;
/** A step of a recheck is the square of a large number by a slow and simple implementation. */
const RECHECK_LIMIT_MS = 1_800_000;

export class Questions {
  readonly #clock: HostClock;
  readonly #send: (command: Command) => boolean;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  /** @param send returns false while there is nobody to ask: `askAgain` tells when there is */
  constructor(clock: HostClock, send: (command: Command) => boolean) {
    this.#clock = clock;
    this.#send = send;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  async ask<Q extends Question>(
    question: Q,
    onFraction: (fraction: number) => void = () => {},
  ): Promise<Result<AnswerTo<Q['ask']>>> {
    const id = this.#next++;
    const { promise, resolve } = Promise.withResolvers<Result<Answer>>();
    const limitMs = question.ask === 'recheck' ? RECHECK_LIMIT_MS : LIMIT_MS;
    const waiting = { question, limitMs, resolve, onFraction, cancel: () => {}, sent: 0 };
    this.#waiting.set(id, waiting);
    this.#sendNow(id, waiting);
    this.#limit(id, waiting);
    const result = await promise;
    if (!result.ok) return result;
    if (result.value.ask !== question.ask) return { ok: false, sentence: 'The answer was to another question.' };
    return { ok: true, value: result.value as AnswerTo<Q['ask']> };
  }

  /** An event of the process that was asked. @returns whether it was about a question */
  hear(event: CruncherEvent): boolean {
    switch (event.type) {
      case 'answer':
        this.#settle(event.id, { ok: true, value: event.answer });
        return true;
      case 'unanswered':
        this.#settle(event.id, { ok: false, sentence: event.sentence });
        return true;
      case 'rechecking': {
        const waiting = this.#waiting.get(event.id);
        if (waiting === undefined) return true;
        this.#limit(event.id, waiting);
        waiting.onFraction(event.fraction);
        return true;
      }
      default:
        return false;
    }
  }

  /** There is a new process to ask. */
  askAgain(): void {
    for (const [id, waiting] of [...this.#waiting]) {
      if (waiting.sent < MOST_SENDINGS) this.#sendNow(id, waiting);
      else
        this.#settle(id, {
          ok: false,
          sentence: 'nice19 ended unexpectedly while it looked for the answer; try again.',
        });
    }
  }

  /** Nobody will answer. */
  giveUp(sentence: string): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { ok: false, sentence });
  }

  #sendNow(id: number, waiting: Waiting): void {
    if (this.#send({ type: 'ask', id, question: waiting.question })) waiting.sent++;
  }

  #limit(id: number, waiting: Waiting): void {
    waiting.cancel();
    waiting.cancel = this.#clock.after(waiting.limitMs, () =>
      this.#settle(id, { ok: false, sentence: 'There was no answer in time; try again.' }),
    );
  }

  #settle(id: number, result: Result<Answer>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.cancel();
    waiting.resolve(result);
  }
}
