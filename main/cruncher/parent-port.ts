/**
 * The cruncher's end of the conversation with its parent: Node's channel in a forked process, `process.parentPort`
 * in an Electron utility process, whichever is there.
 *
 * Its `onClose` is how the cruncher learns that the parent is gone. The channel of a forked process breaks when
 * the parent dies, SIGKILL included; should that go unseen, a slow timer notices that the process has been given
 * another parent.
 */

import { Once } from '../contract/once.ts';
import { Outbox } from '../contract/outbox.ts';
import type { Port } from '../contract/port.ts';

/** What Electron puts into `process` of a utility process (electron.d.ts: ParentPort). */
export interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  off(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** The part of `process` that is used here. */
export interface HostProcess {
  readonly ppid: number;
  readonly connected: boolean;
  readonly parentPort?: ElectronParentPort;
  send?(message: unknown, sent: (error: Error | null) => void): boolean;
  disconnect?(): void;
  exit?(): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

/** @returns stops calling */
export type Every = (milliseconds: number, call: () => void) => () => void;

const WATCH_EVERY_MS = 10_000;

/** Does not keep the process alive. */
const everyUnreferenced: Every = (milliseconds, call) => {
  const timer = setInterval(call, milliseconds).unref();
  return () => clearInterval(timer);
};

/** Fires `closed` when the process is given another parent. On Windows that never shows; there the channel tells. */
function watchParent(host: HostProcess, closed: Once, every: Every): void {
  const parent = host.ppid;
  const stop = every(WATCH_EVERY_MS, () => {
    if (host.ppid !== parent) closed.happen();
  });
  closed.listen(stop);
}

function forkedPort<Out, In>(host: HostProcess, closed: Once): Port<Out, In> {
  const outbox = new Outbox();
  if (host.connected) host.once('disconnect', () => closed.happen());
  else closed.happen();
  return {
    send(message) {
      if (closed.happened || outbox.closing || !host.connected) return false;
      // an error here means that the parent died between the check and the write; 'disconnect' tells that
      host.send?.(message, outbox.sending());
      return true;
    },
    onMessage(listener) {
      const received = (message: unknown): void => listener(message as In);
      host.on('message', received);
      return () => host.off('message', received);
    },
    onClose: (listener) => closed.listen(listener),
    close() {
      outbox.closeWhenEmpty(() => {
        if (host.connected) host.disconnect?.();
        closed.happen();
      });
    },
  };
}

/**
 * A utility process does not end when it has nothing left to do (electron#47228), and its messages travel apart from the
 * news of its end, which can overtake them: the last ones get this time.
 */
const LAST_MESSAGES_MS = 200;

function electronPort<Out, In>(
  host: HostProcess,
  parent: ElectronParentPort,
  closed: Once,
  every: Every,
): Port<Out, In> {
  let closing = false;
  return {
    send(message) {
      if (closed.happened || closing) return false;
      parent.postMessage(message);
      return true;
    },
    onMessage(listener) {
      const received = (event: { readonly data: unknown }): void => listener(event.data as In);
      parent.on('message', received);
      return () => parent.off('message', received);
    },
    onClose: (listener) => closed.listen(listener),
    // Electron has no way to close this port: the end of the process does it
    close() {
      if (closing) return;
      closing = true;
      closed.happen();
      every(LAST_MESSAGES_MS, () => host.exit?.());
    },
  };
}

/** Whether this is an Electron utility process, and not a forked one of Node. */
export const isUtilityProcess = (host: HostProcess = process as HostProcess): boolean => host.parentPort !== undefined;

/**
 * The port to whoever started this process. Call it once, early.
 * @throws when the process was started by hand, with nobody to talk to
 */
export function parentPort<Out, In>(
  host: HostProcess = process as HostProcess,
  every: Every = everyUnreferenced,
): Port<Out, In> {
  const closed = new Once();
  if (host.parentPort !== undefined) {
    watchParent(host, closed, every);
    return electronPort(host, host.parentPort, closed, every);
  }
  if (host.send === undefined) {
    throw new Error('The cruncher is started by nice19, not by hand: use "nice19 search".');
  }
  watchParent(host, closed, every);
  return forkedPort(host, closed);
}

/**
 * Keeps a process that lost its parent from failing on what it prints: the pipes are broken, and an error event
 * that nobody hears would end it in the middle of saving.
 */
export function ignoreBrokenOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** The promise that nothing is left running: ends the process when it has not ended in this time by itself. */
export function endWithin(milliseconds: number, code: number): void {
  setTimeout(() => process.exit(code), milliseconds).unref();
}
