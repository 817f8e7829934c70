/** Who is heard: point 17 of Electron's checklist. */

import { EventEmitter } from 'node:events';
import type { IpcMain } from 'electron';
import { expect, test } from 'vitest';
import { WindowConnections } from '../../main/app/ipc.ts';
import { PAGE } from '../../main/app/page.ts';
import type { Downward } from '../../main/contract/bridge.ts';

class PaperContents extends EventEmitter {
  readonly id: number;
  readonly sent: unknown[] = [];
  destroyed = false;

  constructor(id: number) {
    super();
    this.id = id;
  }

  send(channel: string, message: unknown): void {
    this.sent.push([channel, message]);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }
}

const frame = { url: PAGE, origin: 'nice19://app', parent: null };

function connections() {
  const ipcMain = new EventEmitter();
  const logged: string[] = [];
  const received: unknown[] = [];
  const sends: ((message: Downward) => void)[] = [];
  let closed = 0;
  const all = new WindowConnections(
    ipcMain as unknown as IpcMain,
    (send) => {
      sends.push(send);
      return {
        receive: (message) => received.push(message),
        close: () => {
          closed++;
        },
      };
    },
    (line) => logged.push(line),
  );
  const add = (contents: PaperContents) => all.add(contents as never);
  const says = (sender: PaperContents, message: unknown, senderFrame: object | null = frame) =>
    ipcMain.emit('nice19', { sender, senderFrame }, message);
  return { add, says, logged, received, sends, closed: () => closed };
}

test('a window of ours is connected when it first says something: before that it could not hear', () => {
  const { add, says, received, sends } = connections();
  const window = new PaperContents(1);
  add(window);
  expect(sends).toHaveLength(0);
  says(window, { type: 'visible', visible: true });
  says(window, 'anything: the host checks it');
  expect(received).toEqual([{ type: 'visible', visible: true }, 'anything: the host checks it']);
  sends[0]?.({ type: 'result', id: 1, ok: true, value: null });
  expect(sends).toHaveLength(1);
  expect(window.sent).toEqual([['nice19', { type: 'result', id: 1, ok: true, value: null }]]);
});

test('a page that we did not make, and a frame that is not our page, are dropped and named in the log', () => {
  const { add, says, received, logged } = connections();
  const window = new PaperContents(1);
  add(window);
  says(new PaperContents(2), 'forged');
  says(window, 'forged', { ...frame, url: 'https://example.org/', origin: 'https://example.org' });
  says(window, 'forged', { ...frame, parent: frame });
  says(window, 'forged', null);
  expect(received).toEqual([]);
  expect(logged).toHaveLength(4);
  expect(logged[1]).toContain('https://example.org/');
});

test('a window that is gone is disconnected, and told nothing any more', () => {
  const { add, says, sends, closed, received } = connections();
  const window = new PaperContents(1);
  add(window);
  says(window, 'one');
  window.destroyed = true;
  window.emit('destroyed');
  sends[0]?.({ type: 'result', id: 1, ok: true, value: null });
  says(window, 'two');
  expect([closed(), window.sent, received]).toEqual([1, [], ['one']]);
});

test('each window has its own connection', () => {
  const { add, says, sends } = connections();
  const windows = [new PaperContents(1), new PaperContents(2)];
  for (const window of windows) {
    add(window);
    says(window, 'hello');
  }
  sends[1]?.({ type: 'result', id: 7, ok: true, value: null });
  expect(windows.map((window) => window.sent.length)).toEqual([0, 1]);
});
