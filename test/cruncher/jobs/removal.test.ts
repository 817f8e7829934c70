/** What a search is asked while it runs: removed and restored is what is on the disk, and the rest is told where to ask. */

import { expect, test } from 'vitest';
import type { Question } from '../../../main/contract/library.ts';
import type { Command, CruncherEvent } from '../../../main/contract/messages.ts';
import { Removals, type RemovalVault } from '../../../main/cruncher/jobs/removal.ts';
import { StorageFault } from '../../../main/cruncher/store/storage-fault.ts';

function removals() {
  const events: CruncherEvent[] = [];
  let tell: (command: Command) => void = () => {};
  const removing = new Removals({
    emit: (event) => void events.push(event),
    onCommand: (listener) => {
      tell = listener;
    },
  });
  let id = 0;
  const ask = (question: Question) => tell({ type: 'ask', id: ++id, question });
  return { events, removing, ask, tell: (command: Command) => tell(command) };
}

/** Primes 1 to 3. */
class PaperVault implements RemovalVault {
  readonly removed = new Map<number, string | null>();
  fault: Error | null = null;
  setRemoved(number: number, at: string | null): boolean {
    if (this.fault !== null) throw this.fault;
    if (number > 3) return false;
    this.removed.set(number, at);
    return true;
  }
}

test('it is answered when the store has it, also what was asked before the store was open', () => {
  const { events, removing, ask } = removals();
  const vault = new PaperVault();
  ask({ ask: 'remove', number: 2 });
  expect(events).toEqual([]);
  removing.answerFrom(vault);
  ask({ ask: 'remove', number: 3 });
  ask({ ask: 'restore', number: 2 });
  expect(events).toEqual([
    { type: 'answer', id: 1, answer: { ask: 'remove' } },
    { type: 'answer', id: 2, answer: { ask: 'remove' } },
    { type: 'answer', id: 3, answer: { ask: 'restore' } },
  ]);
  expect(vault.removed.get(2)).toBeNull();
  expect(Number.isFinite(Date.parse(vault.removed.get(3) ?? ''))).toBe(true);
});

test('a prime that is not there, a disk that says no, other questions and late ones are answered in a sentence', () => {
  const { events, removing, ask, tell } = removals();
  const vault = new PaperVault();
  removing.answerFrom(vault);
  ask({ ask: 'remove', number: 4 });
  vault.fault = new StorageFault('nothing can be saved in d: the disk is full; free some space');
  ask({ ask: 'remove', number: 1 });
  ask({ ask: 'prime', number: 1 });
  tell({ type: 'pause', reason: 'user' });
  removing.end();
  vault.fault = null;
  ask({ ask: 'remove', number: 1 });
  expect(events).toEqual([
    { type: 'unanswered', id: 1, sentence: 'There is no prime with the number 4.' },
    { type: 'unanswered', id: 2, sentence: 'Nothing can be saved in d: the disk is full; free some space.' },
    { type: 'unanswered', id: 3, sentence: 'A search is not asked this; ask the library of its directory.' },
    { type: 'unanswered', id: 4, sentence: 'The search is ending; ask again when it has started.' },
  ]);
  expect(vault.removed.size).toBe(0);
});

test('a mistake of the program is none of a sentence', () => {
  const { removing, ask } = removals();
  const vault = new PaperVault();
  vault.fault = new Error('something else');
  removing.answerFrom(vault);
  expect(() => ask({ ask: 'remove', number: 1 })).toThrow('something else');
});
