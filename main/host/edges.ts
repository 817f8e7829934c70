/**
 * What the host asks of the world around it: the clock, the senses, the settings' file, the login item, notifications.
 * The desktop app has them from Electron, the terminal's window from the system itself; tests from paper. Each is small
 * enough to be written again for another shell.
 */

import type { LoginItem } from '../contract/bridge.ts';
import type { Unsubscribe } from '../contract/port.ts';

export interface HostClock {
  /** Wall-clock time in milliseconds since 1970; it may jump. */
  wall(): number;
  /** Milliseconds that only grow. */
  steady(): number;
  /** @returns cancels the call */
  after(milliseconds: number, call: () => void): () => void;
}

export interface Battery {
  /** Runs on its battery now. */
  readonly onBattery: boolean;
  /** Percent; null where the system does not tell. */
  readonly percent: number | null;
}

/**
 * What the manners need to know. Where the system cannot tell it says null. The host asks only for what a setting
 * needs, at most every ten seconds, and listens to what the system says by itself.
 */
export interface Senses {
  battery(): Promise<Battery | null>;
  /** Seconds since the last use of keyboard or mouse. */
  idleSeconds(): Promise<number | null>;
  /** A program that is not ours fills the screen. */
  fullscreen(): Promise<boolean | null>;
  /** Of these names, those of which a program runs. */
  runningPrograms(names: readonly string[]): Promise<readonly string[] | null>;
  /** The system says that it is too hot, or slows down for it. */
  hot(): Promise<boolean | null>;
  /** The computer goes to sleep, wakes, is locked or unlocked, changes its power supply or heat: look again. */
  onChange(listener: (what: SenseChange) => void): Unsubscribe;
}
export type SenseChange = 'suspend' | 'resume' | 'lock' | 'unlock' | 'power' | 'heat' | 'shutdown';

/** A file of JSON that is written as a whole or not at all (electron-store, conf). */
export interface SettingsFile {
  /** All of it; null where there is none. @throws where it is there and cannot be read */
  read(): Record<string, unknown> | null;
  write(content: Record<string, unknown>): void;
  /** Puts a damaged file aside. @returns where it is now */
  setAside(): string;
}

export interface LoginItemEdge {
  /** As the system has it now. */
  read(): Promise<LoginItem>;
  set(on: boolean): Promise<LoginItem>;
}

export interface Notification {
  readonly title: string;
  readonly body: string;
}

export interface Notifier {
  show(notification: Notification): void;
}

/** A line of the log; it rotates, in the data directory. */
export type Log = (line: string) => void;
