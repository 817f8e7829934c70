/**
 * The library: answers questions about a data directory until it is told to stop. It only reads, beside whoever searches
 * there, and takes no lock; between two questions it does nothing. What cannot be answered is said in a sentence.
 */

import type { Answer, Question } from '../../contract/library.ts';
import type { Job } from '../../contract/messages.ts';
import { withBases } from '../run/records.ts';
import { type JobContext, Refusal } from './context.ts';
import { summaryOf } from './prime-summary.ts';
import { ReadingRoom } from './reading-room.ts';

type LibraryJob = Extract<Job, { type: 'library' }>;
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

  constructor(directory: string, context: JobContext) {
    this.context = context;
    this.reader = new ReadingRoom({ directory, warn: (sentence) => context.emit({ type: 'warning', sentence }) });
  }

  close(): void {
    this.reader.close();
  }

  async answer(id: number, question: Question): Promise<void> {
    try {
      const answer = await this.answerTo(question);
      if (!this.context.isStopped()) this.context.emit({ type: 'answer', id, answer });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.context.emit({ type: 'unanswered', id, sentence: error.message });
    }
  }

  private async answerTo(question: Question): Promise<Answer> {
    switch (question.ask) {
      case 'page':
        return { ask: 'page', page: this.page(question) };
      case 'prime':
        return { ask: 'prime', prime: this.prime(question) };
      default:
        throw new Refusal('This is not answered yet.');
    }
  }

  private page({ query }: Ask<'page'>): Extract<Answer, { ask: 'page' }>['page'] {
    return this.reader.read((store) => {
      if (store === null) return { total: 0, rows: [] };
      const { total, rows, damaged } = store.page(query);
      this.reader.warnOf(rows, damaged);
      return { total, rows: rows.map(summaryOf) };
    });
  }

  private prime({ number }: Ask<'prime'>): Extract<Answer, { ask: 'prime' }>['prime'] {
    return this.reader.read((store) => {
      const row = store?.prime(number) ?? null;
      if (store === null || row === null) return null;
      this.reader.warnOf([row], []);
      const search = store.search(row.prime.searchId);
      if (search === null) return null;
      return { summary: summaryOf(row), record: withBases(row.prime, search.spec) };
    });
  }
}
