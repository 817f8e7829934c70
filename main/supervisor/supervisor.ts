/**
 * Owns the cruncher: starts it, starts it again with back-off when it crashes or leaves unasked, and stops it
 * for certain. The search loses nothing by a crash, it goes on from its last checkpoint; so nobody is bothered
 * beyond an event. The life-cycle is one variable, and exit, crash and refusal are different events.
 *
 * Generic over the messages, which it only passes on. Timers and the way to start a process are passed in.
 */

import { EXIT_DONE, EXIT_REFUSED } from '../contract/exit.ts';
import type { Unsubscribe } from '../contract/port.ts';
import { BackOff, type BackOffLimits } from './back-off.ts';
import type { CruncherProcess, ProcessExit } from './cruncher-process.ts';

export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** @returns cancels the call */
  after(milliseconds: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
};

export interface StopLimits {
  /** How long the cruncher may take to stop by itself when asked: it saves, and one slice of a long test ends. */
  readonly askedMs: number;
  /** How long after SIGTERM, before SIGKILL. */
  readonly terminatedMs: number;
}

export const STOP_LIMITS: StopLimits = { askedMs: 20_000, terminatedMs: 10_000 };

export interface SupervisorOptions<Out, In> {
  readonly spawn: () => CruncherProcess<Out, In>;
  /** The message that asks the cruncher to save and end. */
  readonly stopMessage: Out;
  readonly clock?: Clock;
  readonly backOff?: BackOffLimits;
  readonly stopLimits?: StopLimits;
}

export type SupervisorEvent =
  | { readonly type: 'started'; readonly pid: number | undefined }
  /** It ended with an error or by a signal, or could not be started. */
  | ({ readonly type: 'crashed' } & ProcessExit)
  /** It ended without an error, but nobody had asked. */
  | ({ readonly type: 'left' } & ProcessExit)
  | { readonly type: 'restarting'; readonly inMs: number; readonly failures: number }
  /** It will not run and said why in a message: it is not started again. */
  | ({ readonly type: 'refused' } & ProcessExit)
  /** It ended as asked; `by` says what it took. Unless `clean`, work since the last checkpoint may be lost. */
  | ({ readonly type: 'stopped'; readonly by: StopStep; readonly clean: boolean } & ProcessExit);

/** `idle`: there was no process to stop. */
export type StopStep = 'idle' | 'message' | 'SIGTERM' | 'SIGKILL';

type State<Out, In> =
  | { readonly is: 'idle' }
  | { readonly is: 'running'; readonly process: CruncherProcess<Out, In>; readonly since: number }
  | { readonly is: 'waiting'; readonly cancel: () => void }
  | {
      readonly is: 'stopping';
      by: StopStep;
      cancel: () => void;
      readonly done: Promise<void>;
      readonly finish: () => void;
    };

export class Supervisor<Out, In> {
  readonly #options: SupervisorOptions<Out, In>;
  readonly #clock: Clock;
  readonly #backOff: BackOff;
  readonly #messageListeners = new Set<(message: In) => void>();
  readonly #eventListeners = new Set<(event: SupervisorEvent) => void>();
  #state: State<Out, In> = { is: 'idle' };

  constructor(options: SupervisorOptions<Out, In>) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#backOff = new BackOff(options.backOff);
  }

  get state(): State<Out, In>['is'] {
    return this.#state.is;
  }

  /** Starts the cruncher; does nothing when it runs or will be started soon. @throws while it is being stopped */
  start(): void {
    if (this.#state.is === 'stopping') throw new Error('the cruncher is being stopped: start it when that is done');
    if (this.#state.is !== 'idle') return;
    this.#backOff.reset();
    this.#launch();
  }

  /** @returns false when no cruncher runs at this moment and the message was dropped */
  send(message: Out): boolean {
    return this.#state.is === 'running' && this.#state.process.port.send(message);
  }

  /** Messages of every cruncher, over all restarts. */
  onMessage(listener: (message: In) => void): Unsubscribe {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  onEvent(listener: (event: SupervisorEvent) => void): Unsubscribe {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Asks the cruncher to save and end, and ends it when it does not. Resolves when it is gone; may be called twice. */
  async stop(): Promise<void> {
    const state = this.#state;
    switch (state.is) {
      case 'idle':
        return;
      case 'stopping':
        return state.done;
      case 'waiting':
        state.cancel();
        this.#state = { is: 'idle' };
        this.#tell({ type: 'stopped', by: 'idle', clean: true, code: null, signal: null, lastWords: [] });
        return;
      case 'running':
        return this.#stopRunning(state.process);
    }
  }

  #stopRunning(process: CruncherProcess<Out, In>): Promise<void> {
    const { askedMs, terminatedMs } = this.#options.stopLimits ?? STOP_LIMITS;
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const stopping = { is: 'stopping' as const, by: 'message' as StopStep, cancel: () => {}, done, finish };
    this.#state = stopping;
    const kill = (): void => {
      stopping.by = 'SIGKILL';
      process.kill('SIGKILL');
    };
    const terminate = (): void => {
      stopping.by = 'SIGTERM';
      process.kill('SIGTERM');
      stopping.cancel = this.#clock.after(terminatedMs, kill);
    };
    if (process.port.send(this.#options.stopMessage)) stopping.cancel = this.#clock.after(askedMs, terminate);
    else terminate();
    return done;
  }

  #launch(): void {
    const since = this.#clock.now();
    let process: CruncherProcess<Out, In>;
    try {
      process = this.#options.spawn();
    } catch (error) {
      this.#launchLater(0, { type: 'crashed', code: null, signal: null, lastWords: [String(error)] });
      return;
    }
    this.#state = { is: 'running', process, since };
    process.port.onMessage((message) => {
      for (const listener of [...this.#messageListeners]) listener(message);
    });
    process.onExit((exit) => this.#ended(exit));
    this.#tell({ type: 'started', pid: process.pid });
  }

  #ended(exit: ProcessExit): void {
    const state = this.#state;
    if (state.is === 'stopping') {
      state.cancel();
      this.#state = { is: 'idle' };
      this.#tell({ type: 'stopped', by: state.by, clean: exit.code === EXIT_DONE, ...exit });
      state.finish();
      return;
    }
    const ran = state.is === 'running' ? this.#clock.now() - state.since : 0;
    this.#state = { is: 'idle' };
    if (exit.code === EXIT_REFUSED) {
      this.#tell({ type: 'refused', ...exit });
      return;
    }
    this.#launchLater(ran, { type: exit.code === EXIT_DONE ? 'left' : 'crashed', ...exit });
  }

  #launchLater(ranMs: number, cause: SupervisorEvent): void {
    const inMs = this.#backOff.afterFailure(ranMs);
    this.#state = { is: 'waiting', cancel: this.#clock.after(inMs, () => this.#launch()) };
    this.#tell(cause);
    // a listener that gave up on hearing the cause has stopped us
    if (this.state === 'waiting') this.#tell({ type: 'restarting', inMs, failures: this.#backOff.failures });
  }

  #tell(event: SupervisorEvent): void {
    for (const listener of [...this.#eventListeners]) listener(event);
  }
}
