/** Questions to the library of a data directory, from the terminal: as many as it takes, then it is told to stop. */

import type { Answer, AnswerTo, Question } from '../contract/library.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Resolves with the answer; never, when there is none: then all of it ends with the reason. */
export type Ask = <Q extends Question>(question: Q) => Promise<AnswerTo<Q['ask']>>;

export function askLibrary(directory: string, terminal: Terminal, talk: (ask: Ask) => Promise<void>): Promise<Outcome> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  return runJob(
    { type: 'library', directory },
    {
      onBegun({ send, end }) {
        const ask = (question: Question) =>
          new Promise<Answer>((resolve) => {
            waiting.set(++asked, resolve);
            send({ type: 'ask', id: asked, question });
          });
        void talk(ask as Ask).then(end);
      },
      onEvent(event) {
        if (event.type === 'warning') terminal.say(`Warning: ${event.sentence}.`);
        if (event.type === 'answer') waiting.get(event.id)?.(event.answer);
      },
    },
  );
}
