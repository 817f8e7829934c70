/**
 * What a running search is asked about its directory: to put a prime out of sight, or back. It is on the disk before it is
 * answered. Everything else is for the library.
 */

import type { Question } from '../../contract/library.ts';
import { StorageFault } from '../store/storage-fault.ts';
import type { Vault } from '../store/vault.ts';
import { type JobContext, Refusal } from './context.ts';
import { asSentence } from './directory.ts';

export type RemovalVault = Pick<Vault, 'setRemoved'>;

/** Questions may come before the store is open: they are kept for it. */
export class Removals {
  private readonly context: Pick<JobContext, 'emit'>;
  private readonly early: { id: number; question: Question }[] = [];
  private vault: RemovalVault | 'not open yet' | 'closed' = 'not open yet';

  constructor(context: Pick<JobContext, 'emit' | 'onCommand'>) {
    this.context = context;
    context.onCommand((command) => {
      if (command.type !== 'ask') return;
      if (this.vault === 'not open yet') this.early.push(command);
      else this.answer(this.vault, command);
    });
  }

  answerFrom(vault: RemovalVault): void {
    this.vault = vault;
    for (const command of this.early.splice(0)) this.answer(vault, command);
  }

  /** The vault is closed: what is asked now is too late. */
  end(): void {
    this.vault = 'closed';
  }

  private answer(vault: RemovalVault | 'closed', { id, question }: { id: number; question: Question }): void {
    const { emit } = this.context;
    try {
      if (question.ask !== 'remove' && question.ask !== 'restore') {
        throw new Refusal('A search is not asked this; ask the library of its directory.');
      }
      if (vault === 'closed') throw new Refusal('The search is ending; ask again when it has started.');
      const at = question.ask === 'remove' ? new Date().toISOString() : null;
      if (!vault.setRemoved(question.number, at))
        throw new Refusal(`There is no prime with the number ${question.number}.`);
      emit({ type: 'answer', id, answer: { ask: question.ask } });
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof StorageFault)) throw error;
      const sentence = error instanceof Refusal ? error.message : asSentence(error.message);
      emit({ type: 'unanswered', id, sentence });
    }
  }
}
