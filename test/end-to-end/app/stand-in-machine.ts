/** The end-to-end steps' machine on the Electron stand-in. */

import { type Browser, chromium, type Page } from 'playwright-core';
import { CHANNEL } from '../../../main/app/channel.ts';
import type { Shown } from '../../support/electron/desktop.ts';
import { type AppProcess, STAND_IN, StandInDesktop } from '../../support/electron/stand-in.ts';
import { gone } from '../../support/nice19.ts';
import type { AppEnded, AppUnderTest, Machine, Outside, TestSenses } from './machine.ts';
import { endTree } from './processes.ts';

function outsideOf({ trays: [tray], notifications, windows }: Shown): Outside {
  return {
    tooltip: tray?.tooltip ?? '',
    menu: tray?.menu ?? [],
    notifications,
    windows: windows.filter(({ visible }) => visible).length,
  };
}

class StandInApp implements AppUnderTest {
  readonly ended: Promise<AppEnded>;
  readonly #process: AppProcess;
  #browser: Browser | null = null;

  constructor(process: AppProcess, ended: Promise<AppEnded>) {
    this.#process = process;
    this.ended = ended;
  }

  get pid(): number {
    return this.#process.pid;
  }

  until<T>(what: string, look: (outside: Outside) => T | null | undefined | false): Promise<T> {
    return this.#process.until(what, (shown) => look(outsideOf(shown)));
  }

  async choose(...labels: string[]): Promise<void> {
    await this.#process.order({ do: 'choose', labels });
  }

  async page(): Promise<Page> {
    const address = await this.#process.until(
      'a window with its page',
      ({ windows, chromium }) => windows[0]?.loaded && windows[0].visible && chromium,
    );
    this.#browser = await chromium.connectOverCDP(address);
    return this.#browser.contexts()[0]?.pages()[0] as Page;
  }

  async closeWindow(): Promise<void> {
    await this.#browser?.close();
    await this.#process.order({ do: 'close-window' });
    await this.#process.until(
      'the window is gone',
      ({ windows, chromium }) => windows.length === 0 && chromium === null,
    );
  }

  async sense(senses: TestSenses): Promise<void> {
    await this.#process.order({ do: 'sense', senses });
  }

  async power(event: Parameters<AppUnderTest['power']>[0]): Promise<void> {
    await this.#process.order({ do: 'power', event });
  }

  async endSession(): Promise<void> {
    await this.#process.order({ do: 'session-end' });
  }

  async forge(from: { url: string | null; parent?: string }, message: unknown): Promise<void> {
    await this.#process.order({ do: 'forge', channel: CHANNEL, args: [message], ...from });
  }

  async timers(): Promise<readonly number[]> {
    return (await this.#process.order({ do: 'timers' })) as number[];
  }

  async refusedRequests(): Promise<readonly string[]> {
    return this.#process.shown?.refusedRequests ?? [];
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
export async function standInMachine(app: string, appEnvironment: NodeJS.ProcessEnv): Promise<Machine> {
  const desktop = await StandInDesktop.open();
  const run = (args: readonly string[], environment: NodeJS.ProcessEnv) =>
    desktop.start([app, ...args], { ...appEnvironment, ...environment });
  return {
    command: [STAND_IN, app],
    async start(args, environment = {}) {
      const started = run(args, environment);
      const process = await desktop.processOf(started);
      await process.until('the app is ready', ({ ready }) => ready);
      return new StandInApp(process, started.ended);
    },
    startAgain: (args, environment = {}) => run(args, environment).ended,
    async startedBy(start) {
      const process = await desktop.readyAfter(() => start({ ...appEnvironment, ...desktop.environment }));
      const ended = process.gone.then(() => ({ code: null, signal: null }));
      return new StandInApp(process, ended);
    },
    close: () => desktop.close(),
  };
}
