/**
 * Loaded first into a utility process of the stand-in: takes Node's channel away and gives `process.parentPort` instead.
 *
 * It does not end because nothing is left to do (electron#47228), and when the app is gone it is ended at once, without a
 * last word, as Chromium does with its children: nothing may depend on a farewell.
 */

import { EventEmitter } from 'node:events';
import { timersSet, watchTimers } from './timers.ts';
import type { Envelope } from './utility-process.ts';

watchTimers();

/** Node looks whether `this` is connected, and the process below no longer says so. */
const send = process.send?.bind(Object.create(process, { connected: { value: true } })) as (
  message: unknown,
) => boolean;

class StandInParentPort extends EventEmitter implements Pick<Electron.ParentPort, 'postMessage'> {
  postMessage(message: unknown): void {
    send({ data: message } satisfies Envelope);
  }
}

const port = new StandInParentPort();
const waiting: unknown[] = [];
process.on('message', (envelope: Envelope) => {
  if (!('data' in envelope)) {
    send({ timers: timersSet() } satisfies Envelope);
    return;
  }
  const { data } = envelope;
  if (port.listenerCount('message') === 0) waiting.push(data);
  else port.emit('message', { data, ports: [] });
});
// what came before the first listener is kept for it
port.on('newListener', (name) => {
  if (name === 'message')
    setImmediate(() => waiting.splice(0).forEach((data) => void port.emit('message', { data, ports: [] })));
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.ref();

/** The process as a utility process sees it. Node reads `channel` itself: that stays. */
Object.defineProperties(process, {
  parentPort: { value: port, enumerable: true },
  type: { value: 'utility', enumerable: true },
  send: { value: undefined },
  disconnect: { value: undefined },
  connected: { value: false },
});
Object.defineProperty(process.versions, 'electron', { value: '45.5.0', enumerable: true });
