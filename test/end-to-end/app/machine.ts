/**
 * A computer with a desktop for the end-to-end steps: it starts the app as a user or a session would, and sees and does what a
 * user can. Two implementations: the Electron stand-in (stand-in-machine.ts) and Electron itself (electron-machine.ts).
 */

import type { Page } from 'playwright-core';
import type { MenuEntry } from '../../support/electron/desktop.ts';
import type { PowerEvent } from '../../support/electron/orders.ts';

export interface AppEnded {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What the app shows outside its window. */
export interface Outside {
  readonly tooltip: string;
  readonly menu: readonly MenuEntry[];
  readonly notifications: readonly { readonly title: string; readonly body: string }[];
  /** Windows that a user sees. */
  readonly windows: number;
}

/** What a test lets the computer's senses say; on Electron powerMonitor's methods are replaced for that. */
export interface TestSenses {
  readonly idleSeconds?: number;
  readonly onBattery?: boolean;
}

export interface AppUnderTest {
  readonly pid: number;
  readonly ended: Promise<AppEnded>;
  /** What the look finds, as soon as it finds something. @param what for the message when it does not */
  until<T>(what: string, look: (outside: Outside) => T | null | undefined | false): Promise<T>;
  /** An entry of the tray's menu, by the labels on the way to it. */
  choose(...labels: string[]): Promise<void>;
  /** The window's page; waits for it. */
  page(): Promise<Page>;
  closeWindow(): Promise<void>;
  sense(senses: TestSenses): Promise<void>;
  power(event: PowerEvent): Promise<void>;
  /** What Windows tells a window before it kills its process. */
  endSession(): Promise<void>;
  /** A message to the main process as from a frame at an address; null: a frame that is gone. */
  forge(from: { readonly url: string | null; readonly parent?: string }, message: unknown): Promise<void>;
  /** Milliseconds of the timers that are set, in all its processes; null: it cannot be told. */
  timers(): Promise<readonly number[] | null>;
  /** Addresses outside the app that were asked for. */
  refusedRequests(): Promise<readonly string[]>;
  /** Ends it without a word, with all its processes. */
  kill(): Promise<void>;
}

export interface Machine {
  /** As a user's session starts it: the checkout as the app. */
  start(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<AppUnderTest>;
  /** Started while another one runs: it tells the other one and ends. */
  startAgain(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<AppEnded>;
  /** The program and its first arguments, as an autostart entry has them. */
  readonly command: readonly string[];
  /**
   * Runs something that starts the app by itself, such as a session.
   * @param run starts it with this added to its environment
   */
  startedBy(run: (environment: NodeJS.ProcessEnv) => void): Promise<AppUnderTest>;
  close(): Promise<void>;
}
