/**
 * The end-to-end steps' machine on Electron itself, driven by playwright; recorder.cjs keeps what the app shows outside its
 * windows. `npm run test:electron` downloads Electron, where that can be had.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { planDesktop } from '../../../build/lib/electron.mjs';
import { CHANNEL } from '../../../main/app/channel.ts';
import { ROOT } from '../../support/files.ts';
import { gone } from '../../support/nice19.ts';
import type { AppEnded, AppUnderTest, Machine, Outside, TestSenses } from './machine.ts';
import { endTree } from './processes.ts';

const RECORDER = fileURLToPath(new URL('recorder.cjs', import.meta.url));
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 100;

interface Recorder {
  readonly shown: () => Omit<Outside, 'windows'>;
  readonly choose: (labels: string[]) => void;
  readonly sense: (senses: TestSenses) => void;
}
type Recording = typeof globalThis & { readonly nice19Recorder: Recorder };

class ElectronApp implements AppUnderTest {
  readonly ended: Promise<AppEnded>;
  readonly #app: ElectronApplication;

  constructor(app: ElectronApplication) {
    this.#app = app;
    this.ended = once(app.process(), 'exit').then(([code, signal]) => ({ code, signal }) as AppEnded);
  }

  get pid(): number {
    return this.#app.process().pid as number;
  }

  async until<T>(what: string, look: (outside: Outside) => T | null | undefined | false): Promise<T> {
    const limit = Date.now() + PATIENCE_MS;
    for (;;) {
      const outside = await this.#app.evaluate(({ BrowserWindow }) => ({
        ...(globalThis as Recording).nice19Recorder.shown(),
        windows: BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length,
      }));
      const found = look(outside);
      if (found !== null && found !== undefined && found !== false) return found;
      if (Date.now() > limit) throw new Error(`A minute went by before ${what}. It showed: ${JSON.stringify(outside)}`);
      await wait(LOOK_EVERY_MS);
    }
  }

  choose(...labels: string[]): Promise<void> {
    return this.#app.evaluate((_, path) => (globalThis as Recording).nice19Recorder.choose(path), labels);
  }

  async page(): Promise<Page> {
    const page = await this.#app.firstWindow();
    await page.waitForLoadState();
    return page;
  }

  async closeWindow(): Promise<void> {
    await this.#app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await this.until('the window is gone', ({ windows }) => windows === 0);
  }

  sense(senses: TestSenses): Promise<void> {
    return this.#app.evaluate((_, given) => (globalThis as Recording).nice19Recorder.sense(given), senses);
  }

  async power(event: Parameters<AppUnderTest['power']>[0]): Promise<void> {
    await this.#app.evaluate(({ powerMonitor }, name) => void powerMonitor.emit(name), event);
  }

  async endSession(): Promise<void> {
    await this.#app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.emit('session-end', { reasons: ['logoff'] });
    });
  }

  async forge(from: { url: string | null; parent?: string }, message: unknown): Promise<void> {
    await this.#app.evaluate(
      ({ BrowserWindow, ipcMain }, { channel, url, parent, content }) => {
        const origin = url === null ? '' : new URL(url).origin;
        const senderFrame =
          url === null ? null : { url, origin, parent: parent === undefined ? null : { url: parent } };
        ipcMain.emit(channel, { sender: BrowserWindow.getAllWindows()[0]?.webContents, senderFrame }, content);
      },
      { channel: CHANNEL, content: message, ...from },
    );
  }

  async timers(): Promise<null> {
    return null;
  }

  /** Electron's own requests cannot be counted from here; the app's rule refuses and logs them. */
  async refusedRequests(): Promise<readonly string[]> {
    return [];
  }

  async kill(): Promise<void> {
    endTree(this.pid);
    await gone(this.pid);
  }
}

/**
 * @param app the folder of the app
 * @param appEnvironment for every app that is started
 */
export async function electronMachine(app: string, appEnvironment: NodeJS.ProcessEnv): Promise<Machine> {
  const plan = planDesktop({ root: ROOT, platform: process.platform, env: process.env, user: process.getuid?.() });
  if (plan.kind !== 'run') throw new Error('There is no Electron here: "npm run test:electron" says why.');
  const { program } = plan;
  const running: ElectronApplication[] = [];
  // playwright speaks to the process that it starts: it must not start itself again in a session of its own
  const whole = (environment: NodeJS.ProcessEnv) =>
    ({ ...process.env, NICE19_SESSION: 'shared', ...appEnvironment, ...environment }) as Record<string, string>;
  return {
    command: [program, app],
    async start(args, environment = {}) {
      const launched = await _electron.launch({
        executablePath: program,
        args: ['-r', RECORDER, app, ...args],
        env: whole(environment),
      });
      running.push(launched);
      return new ElectronApp(launched);
    },
    async startAgain(args, environment = {}) {
      const child = spawn(program, [app, ...args], { env: whole(environment), stdio: 'ignore' });
      const [code, signal] = await once(child, 'exit');
      return { code, signal } as AppEnded;
    },
    startedBy() {
      throw new Error('What others start cannot be driven by playwright.');
    },
    async close() {
      for (const each of running) {
        const { pid } = each.process();
        if (pid !== undefined) endTree(pid);
      }
    },
  };
}
