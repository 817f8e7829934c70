/** A program that answers lines with lines. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Conversation {
  /** Says a line, and hears so many. @throws Error when the program has ended */
  ask(question: string, lines?: number): Promise<string[]>;
  close(): void;
}

export function converse(program: string, args: readonly string[] = []): Conversation {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question, count = 1) {
      child.stdin.write(`${question}\n`);
      const answer: string[] = [];
      while (answer.length < count) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`${program} ended in the middle`);
        answer.push(value);
      }
      return answer;
    },
    close: () => void child.kill(),
  };
}
