/**
 * The test's side of the stand-in: starts an app on it, sees what it shows, drives it. Tests wait for what is shown, never
 * for time.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Shown } from './desktop.ts';
import type { Order } from './orders.ts';

export const STAND_IN = fileURLToPath(new URL('bin/electron', import.meta.url));

/** Longer than any step takes on a busy machine; a test that waits for so long has failed. */
const PATIENCE_MS = 120_000;

/** One process of the app: the first, or one that was started beside it. */
export class AppProcess {
  shown: Shown | null = null;
  readonly gone: Promise<void>;
  private readonly socket: Socket;
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly watching = new Set<() => void>();
  private count = 0;
  private isGone = false;

  /** @param heard called when it has shown something */
  constructor(socket: Socket, heard: () => void) {
    this.socket = socket;
    this.watching.add(heard);
    const gone = Promise.withResolvers<void>();
    this.gone = gone.promise;
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isGone = true;
      for (const { reject } of this.waiting.values()) reject(new Error('The app is gone.'));
      for (const look of [...this.watching]) look();
      gone.resolve();
    });
    createInterface({ input: socket }).on('line', (line) => this.heard(JSON.parse(line)));
  }

  get pid(): number {
    if (this.shown === null) throw new Error('The app has shown nothing yet.');
    return this.shown.pid;
  }

  order(order: Order): Promise<unknown> {
    if (this.isGone) return Promise.reject(new Error('The app is gone.'));
    const id = ++this.count;
    this.socket.write(`${JSON.stringify({ id, order })}\n`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /**
   * What the app shows, as soon as it is so.
   * @param what for the message when it does not come to it
   */
  until<T>(what: string, look: (shown: Shown) => T | null | undefined | false): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(limit);
        this.watching.delete(check);
      };
      const fail = (why: string): void => {
        stop();
        reject(new Error(`${why} before ${what}. It showed: ${JSON.stringify(this.shown)}`));
      };
      const check = (): void => {
        const found = this.shown === null ? null : look(this.shown);
        if (found !== null && found !== undefined && found !== false) {
          stop();
          resolve(found);
        } else if (this.isGone) fail('The app ended');
      };
      const limit = setTimeout(() => fail(`${PATIENCE_MS / 1000} s went by`), PATIENCE_MS);
      this.watching.add(check);
      check();
    });
  }

  private heard(message: {
    shown?: Shown;
    farewell?: true;
    id?: number;
    ok?: boolean;
    value?: unknown;
    sentence?: string;
  }): void {
    if (message.shown) {
      this.shown = message.shown;
      for (const look of [...this.watching]) look();
    } else if (message.farewell) {
      this.socket.write('{"farewell":true}\n');
    } else {
      const waiting = this.waiting.get(message.id as number);
      this.waiting.delete(message.id as number);
      if (message.ok) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.sentence));
    }
  }
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly err: string;
}

export interface Started {
  readonly process: ChildProcess;
  /** The process ended and its output is read. */
  readonly ended: Promise<Ended>;
}

/** A place where apps are started on the stand-in: they tell it what they show, whoever started them. */
export class StandInDesktop {
  /** Every process of an app that came here, in order. */
  private readonly processes: AppProcess[] = [];
  /** For the environment of what is started by others. */
  readonly environment: Readonly<Record<string, string>>;
  private readonly server: Server;
  private readonly directory: string;
  private readonly arrivals = new Set<() => void>();
  private readonly started: ChildProcess[] = [];

  private constructor(server: Server, directory: string, socket: string) {
    this.server = server;
    this.directory = directory;
    this.environment = { ELECTRON_STAND_IN_CONTROL: socket };
    server.on('connection', (connection) => {
      const look = (): void => this.arrivals.forEach((each) => void each());
      this.processes.push(new AppProcess(connection, look));
      look();
    });
  }

  static async open(): Promise<StandInDesktop> {
    const directory = mkdtempSync(join(tmpdir(), 'nice19-desktop-'));
    const socket = join(directory, 'control');
    const server = createServer();
    server.listen(socket);
    await once(server, 'listening');
    return new StandInDesktop(server, directory, socket);
  }

  /** Starts the stand-in as Electron's program is started, in a session of its own, as a desktop does. */
  start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Started {
    const child = spawn(STAND_IN, args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...this.environment, ...environment },
    });
    this.started.push(child);
    const err: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk.toString()));
    const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, err: err.join('') }) as Ended);
    return { process: child, ended };
  }

  /** The nth process that came, from 0. */
  process(index: number): Promise<AppProcess> {
    return this.arrival((processes) => processes[index]);
  }

  /** The process of this number. */
  processOf({ process: { pid }, ended }: Started): Promise<AppProcess> {
    const never = ended.then(({ code, signal, err }) => {
      throw new Error(`The app ended before it came (${code ?? signal}): ${err}`);
    });
    return Promise.race([this.arrival((processes) => processes.find(({ shown }) => shown?.pid === pid)), never]);
  }

  /** The first process to become ready of those that come because of something. */
  readyAfter(something: () => void): Promise<AppProcess> {
    const before = new Set(this.processes);
    something();
    return this.arrival((processes) => processes.find((each) => !before.has(each) && each.shown?.ready));
  }

  private arrival(find: (processes: readonly AppProcess[]) => AppProcess | undefined): Promise<AppProcess> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find(this.processes);
        if (found === undefined) return;
        clearTimeout(limit);
        this.arrivals.delete(look);
        resolve(found);
      };
      const limit = setTimeout(() => reject(new Error('No app came.')), PATIENCE_MS);
      this.arrivals.add(look);
      look();
    });
  }

  /** Ends all that is left, at once. */
  async close(): Promise<void> {
    for (const child of this.started) {
      try {
        // the whole group: the app, its utility processes and its Chromium
        process.kill(-(child.pid as number), 'SIGKILL');
      } catch {
        // It is gone.
      }
    }
    this.server.close();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
