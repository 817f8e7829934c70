/**
 * The library: answers questions about a data directory until it is told to stop. It only reads, beside whoever searches
 * there, and takes no lock; between two questions it does nothing. What cannot be answered is said in a sentence.
 */

import { randomBytes, randomInt } from 'node:crypto';
import type { Answer, AnswerTo, Question } from '../../contract/library.ts';
import type { Job } from '../../contract/messages.ts';
import { rabinBase } from '../../search/prf.ts';
import { withBases } from '../run/records.ts';
import { challengeFrom } from './challenge.ts';
import { checkAgain } from './check-again.ts';
import { type JobContext, Refusal } from './context.ts';
import { estimatesOf } from './estimates.ts';
import { historyOf } from './history.ts';
import { summaryOf } from './prime-summary.ts';
import { ReadingRoom } from './reading-room.ts';

type LibraryJob = Extract<Job, { type: 'library' }>;
const randomBelow = (limit: number): number => randomInt(limit);

type Ask<Q extends Question['ask']> = Extract<Question, { ask: Q }>;

export async function runLibrary({ directory }: LibraryJob, context: JobContext): Promise<void> {
  const library = new Library(directory, context);
  // Listening comes before anything else: questions may follow the job at once.
  context.onCommand((command) => {
    if (command.type === 'ask') void library.answer(command.id, command.question);
  });
  await context.stopped;
  library.close();
}

class Library {
  private readonly context: JobContext;
  private readonly reader: ReadingRoom;
  /** The last recheck that was asked for, ended or not. */
  private rechecks: Promise<unknown> = Promise.resolve();

  constructor(directory: string, context: JobContext) {
    this.context = context;
    this.reader = new ReadingRoom({ directory, warn: (sentence) => context.emit({ type: 'warning', sentence }) });
  }

  close(): void {
    this.reader.close();
  }

  async answer(id: number, question: Question): Promise<void> {
    try {
      const answer = await this.answerTo(id, question);
      if (answer !== null) this.context.emit({ type: 'answer', id, answer });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.context.emit({ type: 'unanswered', id, sentence: error.message });
    }
  }

  private answerTo(id: number, question: Question): Answer | Promise<Answer | null> {
    switch (question.ask) {
      case 'page':
        return { ask: 'page', page: this.page(question) };
      case 'prime':
        return { ask: 'prime', prime: this.prime(question) };
      case 'history':
        return { ask: 'history', history: this.reader.read((store) => historyOf(store, question.range, new Date())) };
      case 'estimates': {
        const now = new Date().toISOString();
        const estimates = this.reader.read((store) => estimatesOf(store, question.digits, now));
        return { ask: 'estimates', estimates };
      }
      case 'challenge':
        return {
          ask: 'challenge',
          challenge: this.reader.read((store) => store && challengeFrom(store, question.digits, randomBelow)),
        };
      case 'recheck':
        return this.recheck(question, id);
      case 'remove':
      case 'restore':
        throw new Refusal('The library only reads; whoever searches in the directory removes and restores.');
    }
  }

  private page({ query }: Ask<'page'>): AnswerTo<'page'>['page'] {
    return this.reader.read((store) => {
      if (store === null) return { total: 0, rows: [] };
      const { total, rows, damaged } = store.page(query);
      this.reader.warnOf(rows, damaged);
      return { total, rows: rows.map(summaryOf) };
    });
  }

  private prime({ number }: Ask<'prime'>): AnswerTo<'prime'>['prime'] {
    return this.reader.read((store) => {
      const row = store?.prime(number) ?? null;
      if (store === null || row === null) return null;
      this.reader.warnOf([row], []);
      const search = store.search(row.prime.searchId);
      if (search === null) return null;
      return { summary: summaryOf(row), record: withBases(row.prime, search.spec) };
    });
  }

  /** One after the other: each takes all of a core. */
  private recheck({ number }: Ask<'recheck'>, id: number): Promise<AnswerTo<'recheck'> | null> {
    const { emit, isStopped } = this.context;
    const done = this.rechecks.then(async () => {
      const row = this.reader.read((store) => store?.prime(number) ?? null);
      if (row === null) throw new Refusal(`There is no prime with the number ${number}.`);
      const recheck = await checkAgain(row.prime, {
        fresh: (n) => rabinBase(randomBytes(32), n, 0),
        tell: (fraction) => emit({ type: 'rechecking', id, fraction }),
        isStopped,
        cpuSeconds: () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
      });
      return recheck === null ? null : ({ ask: 'recheck', recheck } as const);
    });
    this.rechecks = done.catch(() => null);
    return done;
  }
}
