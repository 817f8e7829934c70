/** The world around a host, on paper: a clock, senses, a settings' file, and crunchers that do what the test says. */

import type { Command, CruncherEvent } from '../../main/contract/messages.ts';
import { Once } from '../../main/contract/once.ts';
import type { Battery, HostClock, SenseChange, Senses, SettingsFile } from '../../main/host/edges.ts';
import type { CruncherProcess, ProcessExit } from '../../main/supervisor/cruncher-process.ts';
import { PaperClock } from './paper-clock.ts';

/** Stands still until told to go on; its wall clock can be set. */
export class PaperHostClock implements HostClock {
  readonly paper = new PaperClock();
  #wallAtZero: number;

  constructor(wall = Date.UTC(2026, 10, 26, 12)) {
    this.#wallAtZero = wall;
  }

  wall(): number {
    return this.#wallAtZero + this.paper.now();
  }

  /** The clock on the wall is set, as by a person or the network. */
  setWall(wall: number): void {
    this.#wallAtZero = wall - this.paper.now();
  }

  steady(): number {
    return this.paper.now();
  }

  after(milliseconds: number, call: () => void): () => void {
    return this.paper.after(milliseconds, call);
  }
}

/** What the system says; every question is counted. */
export class PaperSenses implements Senses {
  readings = {
    battery: { onBattery: false, percent: null } as Battery | null,
    idleSeconds: 3600 as number | null,
    fullscreen: false as boolean | null,
    programs: [] as readonly string[] | null,
    hot: false as boolean | null,
  };
  asked: string[] = [];
  readonly #listeners = new Set<(what: SenseChange) => void>();

  async battery() {
    return this.#read('battery');
  }
  async idleSeconds() {
    return this.#read('idleSeconds');
  }
  async fullscreen() {
    return this.#read('fullscreen');
  }
  async runningPrograms() {
    return this.#read('programs');
  }
  async hot() {
    return this.#read('hot');
  }

  #read<N extends keyof PaperSenses['readings']>(name: N): PaperSenses['readings'][N] {
    this.asked.push(name);
    return this.readings[name];
  }

  onChange(listener: (what: SenseChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  say(what: SenseChange): void {
    for (const listener of this.#listeners) listener(what);
  }
}

export class PaperSettingsFile implements SettingsFile {
  content: Record<string, unknown> | null;
  readonly writes: Record<string, unknown>[] = [];
  aside: Record<string, unknown> | null = null;
  /** What reading, writing or setting aside throws. */
  readProblem: Error | null = null;
  writeProblem: Error | null = null;
  asideProblem: Error | null = null;

  constructor(content: Record<string, unknown> | null = null) {
    this.content = content;
  }

  read(): Record<string, unknown> | null {
    if (this.readProblem !== null) throw this.readProblem;
    return this.content;
  }

  write(content: Record<string, unknown>): void {
    if (this.writeProblem !== null) throw this.writeProblem;
    // As a file would: what is no JSON does not come back.
    this.content = JSON.parse(JSON.stringify(content));
    this.writes.push(this.content as Record<string, unknown>);
  }

  setAside(): string {
    if (this.asideProblem !== null) throw this.asideProblem;
    this.aside = this.content;
    this.content = null;
    return 'config.damaged.json';
  }
}

/** A cruncher that says and does nothing until the test says so. */
export class PaperCruncher implements CruncherProcess<Command, unknown> {
  readonly exited = new Once<ProcessExit>();
  readonly sent: Command[] = [];
  readonly kills: string[] = [];
  readonly pid: number;
  #listener: (message: unknown) => void = () => {};
  #alive = true;

  constructor(pid: number) {
    this.pid = pid;
  }

  readonly port = {
    send: (message: Command): boolean => {
      if (this.#alive) this.sent.push(message);
      return this.#alive;
    },
    onMessage: (listener: (message: unknown) => void) => {
      this.#listener = listener;
      return () => {};
    },
    onClose: () => () => {},
    close: () => {},
  };

  kill(signal: string): void {
    this.kills.push(signal);
  }

  onExit(listener: (exit: ProcessExit) => void) {
    return this.exited.listen(listener);
  }

  say(event: CruncherEvent): void {
    this.#listener(event);
  }

  sayAnything(message: unknown): void {
    this.#listener(message);
  }

  end(code: number | null, signal: string | null = null, lastWords: readonly string[] = []): void {
    this.#alive = false;
    this.exited.happen({ code, signal, lastWords });
  }

  /** The commands, each in a word or two. */
  get words(): string[] {
    return this.sent.map((command) => {
      switch (command.type) {
        case 'pause':
        case 'resume':
          return `${command.type} ${command.reason}`;
        case 'pace':
          return `pace ${command.workers} ${command.share}`;
        case 'ask':
          return `ask ${command.question.ask}`;
        default:
          return command.type;
      }
    });
  }
}

/** Lets everything that waits for nothing happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
