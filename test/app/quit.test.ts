/** Every way to end saves, within a limit and once; and none can keep the app from ending. */

import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { type QuitEdges, Quitting } from '../../main/app/quit.ts';

let did: string[];
let saved: PromiseWithResolvers<void>;
let app: EventEmitter & { quit(): void };
let system: EventEmitter;
let power: EventEmitter;
let quitting: Quitting;

beforeEach(() => {
  did = [];
  saved = Promise.withResolvers();
  system = new EventEmitter();
  power = new EventEmitter();
  // as Electron does: asks everybody, and quits unless somebody said no
  app = Object.assign(new EventEmitter(), {
    quit() {
      let no = false;
      app.emit('will-quit', { preventDefault: () => (no = true) });
      did.push(no ? 'not yet' : 'gone');
    },
  });
  quitting = new Quitting({
    app,
    process: system,
    powerMonitor: power,
    end: (limitMs: number) => {
      did.push(`save within ${limitMs}`);
      return saved.promise;
    },
    ended: () => did.push('saved'),
    log: () => {},
  } as unknown as QuitEdges);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));
const CLEAN = ['save within 15000', 'not yet', 'saved', 'gone'];

describe('the app saves before it is gone', () => {
  test('when it is quit', async () => {
    app.quit();
    expect(did).toEqual(['save within 15000', 'not yet']);
    saved.resolve();
    await settled();
    expect(did).toEqual(CLEAN);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('on %s, whoever else wanted the signal', async (signal) => {
    system.emit(signal);
    saved.resolve();
    await settled();
    expect(did).toEqual(CLEAN);
  });

  test('when the system shuts down, which is asked to wait', async () => {
    let waits = false;
    power.emit('shutdown', { preventDefault: () => (waits = true) });
    saved.resolve();
    await settled();
    expect([waits, did]).toEqual([true, CLEAN]);
    power.emit('shutdown');
  });

  test('when the Windows session ends, which nobody can put off, in less than it gives', () => {
    const window = new EventEmitter();
    quitting.watchSessionEnd(window as never);
    window.emit('session-end', { reasons: ['logoff'] });
    expect(did).toEqual(['save within 4000']);
  });
});

test('it saves once, however many ask', async () => {
  app.quit();
  app.quit();
  power.emit('shutdown');
  saved.resolve();
  await settled();
  expect(did.filter((what) => what.startsWith('save '))).toHaveLength(1);
  expect(did.at(-1)).toBe('gone');
});

test('a signal that comes twice, to the process and to its group, is one', async () => {
  system.emit('SIGTERM');
  system.emit('SIGHUP');
  saved.resolve();
  await settled();
  expect(did).toEqual(CLEAN);
});

test('a library that took the signals for itself has them no longer', () => {
  const others = new EventEmitter();
  others.on('SIGTERM', () => did.push('killed by a library'));
  new Quitting({
    app,
    process: others,
    powerMonitor: power,
    end: () => saved.promise,
    ended: () => {},
    log: () => {},
  } as unknown as QuitEdges);
  others.emit('SIGTERM');
  expect(did).not.toContain('killed by a library');
});

test('saving that goes wrong keeps nobody from quitting', async () => {
  app.quit();
  saved.reject(new Error('the disk is gone'));
  await settled();
  expect(did).toEqual(CLEAN);
});
