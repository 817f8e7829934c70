/**
 * A cruncher as far as its parent can tell. It does what the messages say, and when the parent is gone it
 * "saves": writes its process id to the file that is its argument, and ends.
 */

import { writeFileSync } from 'node:fs';
import { ignoreBrokenOutput, parentPort } from '../../main/cruncher/parent-port.ts';

export type Order =
  | { readonly do: 'echo'; readonly value: unknown }
  | { readonly do: 'say'; readonly lines: readonly string[] }
  | { readonly do: 'exit'; readonly code: number }
  | { readonly do: 'throw' }
  | { readonly do: 'answer-and-close'; readonly answers: number; readonly bytes: number }
  | { readonly do: 'ignore-everything' };

export type Answer = { readonly is: 'ready'; readonly pid: number } | { readonly is: 'echo'; readonly value: unknown };

const port = parentPort<Answer, Order>();
ignoreBrokenOutput();

port.onMessage((order) => {
  switch (order.do) {
    case 'echo':
      port.send({ is: 'echo', value: order.value });
      return;
    case 'say':
      for (const line of order.lines) process.stderr.write(`${line}\n`);
      return;
    case 'exit':
      process.exit(order.code);
      break;
    case 'throw':
      throw new Error('the stand-in was told to crash');
    case 'answer-and-close':
      for (let i = 0; i < order.answers; i++) port.send({ is: 'echo', value: new Uint8Array(order.bytes) });
      port.close();
      return;
    case 'ignore-everything':
      process.on('SIGTERM', () => {});
      port.send({ is: 'echo', value: 'deaf' });
  }
});

port.onClose(() => {
  process.stderr.write('the parent is gone\n');
  const file = process.argv[2];
  if (file !== undefined) writeFileSync(file, String(process.pid));
  process.exit(0);
});

port.send({ is: 'ready', pid: process.pid });
