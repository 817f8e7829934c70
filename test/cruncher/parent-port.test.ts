import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { type Every, type HostProcess, parentPort } from '../../main/cruncher/parent-port.ts';

/** A forked process as its own code sees it, with the timer in the test's hands. */
function forked(connected = true) {
  const sent: unknown[] = [];
  const host = Object.assign(new EventEmitter(), {
    ppid: 50,
    connected,
    send: (message: unknown) => sent.push(message) > 0,
    disconnect() {
      host.connected = false;
      host.emit('disconnect');
    },
  });
  const ticks: (() => void)[] = [];
  const every: Every = (_, call) => {
    ticks.push(call);
    return () => ticks.splice(ticks.indexOf(call), 1);
  };
  return { host, sent, ticks, port: parentPort<string, string>(host as HostProcess, every) };
}

function count(port: { onClose(listener: () => void): unknown }): { closes: number } {
  const counter = { closes: 0 };
  port.onClose(() => {
    counter.closes++;
  });
  return counter;
}

test('messages go both ways until the parent is gone', () => {
  const { host, sent, port } = forked();
  const heard: string[] = [];
  const unsubscribe = port.onMessage((message) => heard.push(message));
  host.emit('message', 'one');
  unsubscribe();
  host.emit('message', 'two');
  expect(heard).toEqual(['one']);
  expect(port.send('prime')).toBe(true);
  host.disconnect();
  expect(port.send('prime')).toBe(false);
  expect(sent).toEqual(['prime']);
});

test('a parent that goes is noticed once, and nobody watches any longer', () => {
  const { host, ticks, port } = forked();
  const counter = count(port);
  host.disconnect();
  for (const tick of [...ticks]) tick();
  expect(counter.closes).toBe(1);
  expect(ticks).toEqual([]);
});

test('another parent means that the first is gone, even if the channel did not say so', () => {
  const { host, ticks, port } = forked();
  const counter = count(port);
  ticks[0]?.();
  expect(counter.closes).toBe(0);
  host.ppid = 1;
  ticks[0]?.();
  expect(counter.closes).toBe(1);
  expect(port.send('prime')).toBe(false);
});

test('a parent that was gone before the start is noticed too', async () => {
  const counter = count(forked(false).port);
  await Promise.resolve();
  expect(counter.closes).toBe(1);
});

test('in a utility process Electron’s port is used, whose messages come in events', () => {
  const posted: unknown[] = [];
  const parent = Object.assign(new EventEmitter(), { postMessage: (message: unknown) => posted.push(message) });
  const host = Object.assign(new EventEmitter(), { ppid: 50, connected: false, parentPort: parent });
  let tick: () => void = () => {};
  const port = parentPort<string, string>(host as unknown as HostProcess, (_, call) => {
    tick = call;
    return () => {};
  });
  const heard: string[] = [];
  port.onMessage((message) => heard.push(message));
  parent.emit('message', { data: 'go' });
  expect(heard).toEqual(['go']);
  expect(port.send('prime')).toBe(true);
  const counter = count(port);
  host.ppid = 1;
  tick();
  expect(counter.closes).toBe(1);
  expect(port.send('too late')).toBe(false);
  expect(posted).toEqual(['prime']);
});

test('a utility process, which would live on, ends when its port was closed and its last messages had their time', () => {
  const parent = Object.assign(new EventEmitter(), { postMessage: () => {} });
  let exits = 0;
  const exit = () => {
    exits++;
  };
  const host = Object.assign(new EventEmitter(), { ppid: 50, connected: false, parentPort: parent, exit });
  const timers: { readonly milliseconds: number; readonly call: () => void }[] = [];
  const port = parentPort<string, string>(host as unknown as HostProcess, (milliseconds, call) => {
    timers.push({ milliseconds, call });
    return () => {};
  });
  port.close();
  port.close();
  expect(port.send('too late')).toBe(false);
  const farewells = timers.filter((timer) => timer.milliseconds < 1000);
  expect([farewells.length, exits]).toEqual([1, 0]);
  farewells[0]?.call();
  expect(exits).toBe(1);
});

test('a process started by hand gets a sentence that says what to do', () => {
  const host = Object.assign(new EventEmitter(), { ppid: 50, connected: false });
  expect(() => parentPort(host as unknown as HostProcess)).toThrow('nice19 search');
});
