import { describe, expect, test } from 'vitest';
import { Once } from '../../main/contract/once.ts';
import type { CruncherProcess, ProcessExit } from '../../main/supervisor/cruncher-process.ts';
import { Supervisor, type SupervisorEvent } from '../../main/supervisor/supervisor.ts';
import { PaperClock } from '../support/paper-clock.ts';

/** A process that does nothing until the test says so. */
class PaperProcess implements CruncherProcess<string, string> {
  readonly exited = new Once<ProcessExit>();
  readonly sent: string[] = [];
  readonly kills: string[] = [];
  readonly pid: number;
  connected = true;
  say: (message: string) => void = () => {};

  constructor(pid: number) {
    this.pid = pid;
  }

  readonly port = {
    send: (message: string): boolean => {
      if (this.connected) this.sent.push(message);
      return this.connected;
    },
    onMessage: (listener: (message: string) => void) => {
      this.say = listener;
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

  end(code: number | null, signal: string | null = null, lastWords: string[] = []): void {
    this.exited.happen({ code, signal, lastWords });
  }
}

function supervised() {
  const clock = new PaperClock();
  const processes: PaperProcess[] = [];
  const events: SupervisorEvent[] = [];
  let refusals = 0;
  const supervisor = new Supervisor<string, string>({
    spawn() {
      if (refusals > 0) {
        refusals--;
        throw new Error('spawn EAGAIN');
      }
      const process = new PaperProcess(1000 + processes.length);
      processes.push(process);
      return process;
    },
    stopMessage: 'stop',
    clock,
    stopLimits: { askedMs: 20_000, terminatedMs: 10_000 },
  });
  supervisor.onEvent((event) => events.push(event));
  return {
    clock,
    processes,
    events,
    supervisor,
    types: () => events.map((event) => event.type),
    last: () => processes.at(-1) as PaperProcess,
    refuseToSpawn: (times: number) => {
      refusals = times;
    },
  };
}

describe('restarts', () => {
  test('a cruncher that crashes is started again, later each time', () => {
    const { supervisor, clock, last, events, processes } = supervised();
    supervisor.start();
    const waits: (number | null)[] = [];
    for (let crash = 0; crash < 10; crash++) {
      last().end(null, 'SIGSEGV');
      waits.push(clock.next);
      clock.advance(clock.next ?? 0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map((seconds) => 1000 * seconds));
    expect(processes.length).toBe(11);
    expect(events.slice(0, 4)).toEqual([
      { type: 'started', pid: 1000 },
      { type: 'crashed', code: null, signal: 'SIGSEGV', lastWords: [] },
      { type: 'restarting', inMs: 1000, failures: 1 },
      { type: 'started', pid: 1001 },
    ]);
  });

  test('after a healthy run the wait is short again', () => {
    const { supervisor, clock, last } = supervised();
    supervisor.start();
    for (let crash = 0; crash < 5; crash++) {
      last().end(1);
      clock.advance(clock.next ?? 0);
    }
    clock.advance(600_000);
    last().end(1);
    expect(clock.next).toBe(1000);
  });

  test('a crash tells the last words, and leaving unasked is not a crash', () => {
    const { supervisor, clock, last, events, types } = supervised();
    supervisor.start();
    last().end(1, null, ['RangeError: out of memory']);
    expect(events[1]).toEqual({ type: 'crashed', code: 1, signal: null, lastWords: ['RangeError: out of memory'] });
    clock.advance(1000);
    last().end(0);
    expect(types()).toEqual(['started', 'crashed', 'restarting', 'started', 'left', 'restarting']);
  });

  test('a cruncher that refuses is not started again, until somebody asks', () => {
    const { supervisor, clock, last, types } = supervised();
    supervisor.start();
    last().end(3);
    expect(types()).toEqual(['started', 'refused']);
    expect(clock.next).toBeNull();
    expect(supervisor.state).toBe('idle');
    supervisor.start();
    expect(supervisor.state).toBe('running');
  });

  test('a system that cannot start processes is tried again', () => {
    const { supervisor, clock, types, refuseToSpawn } = supervised();
    refuseToSpawn(2);
    supervisor.start();
    clock.advance(3000);
    expect(types()).toEqual(['crashed', 'restarting', 'crashed', 'restarting', 'started']);
    expect(supervisor.state).toBe('running');
  });

  test('a listener may stop everything on hearing of a crash', async () => {
    const { supervisor, clock, last, types } = supervised();
    supervisor.onEvent((event) => {
      if (event.type === 'crashed') void supervisor.stop();
    });
    supervisor.start();
    last().end(1);
    await supervisor.stop();
    expect(types()).toEqual(['started', 'crashed', 'stopped']);
    expect(clock.next).toBeNull();
  });
});

describe('messages', () => {
  test('of every cruncher arrive, and what is sent between two of them is refused', () => {
    const { supervisor, clock, last } = supervised();
    const heard: string[] = [];
    const unsubscribe = supervisor.onMessage((message) => heard.push(message));
    expect(supervisor.send('too early')).toBe(false);
    supervisor.start();
    expect(supervisor.send('go')).toBe(true);
    last().say('one');
    last().end(1);
    expect(supervisor.send('nobody there')).toBe(false);
    clock.advance(1000);
    last().say('two');
    unsubscribe();
    last().say('three');
    expect(heard).toEqual(['one', 'two']);
    expect(last().sent).toEqual([]);
  });

  test('starting twice starts one', () => {
    const { supervisor, processes } = supervised();
    supervisor.start();
    supervisor.start();
    expect(processes.length).toBe(1);
  });
});

describe('stopping', () => {
  test('asks first, and a cruncher that ends in time is not killed', async () => {
    const { supervisor, clock, last, events } = supervised();
    supervisor.start();
    const stopped = supervisor.stop();
    expect(last().sent).toEqual(['stop']);
    clock.advance(19_999);
    expect(last().kills).toEqual([]);
    last().end(0);
    await stopped;
    expect(events.at(-1)).toMatchObject({ type: 'stopped', by: 'message', clean: true });
    expect(clock.next).toBeNull();
  });

  test('a cruncher that does not listen gets SIGTERM, then SIGKILL', async () => {
    const { supervisor, clock, last, events } = supervised();
    supervisor.start();
    const stopped = supervisor.stop();
    clock.advance(20_000);
    expect(last().kills).toEqual(['SIGTERM']);
    clock.advance(10_000);
    expect(last().kills).toEqual(['SIGTERM', 'SIGKILL']);
    last().end(null, 'SIGKILL');
    await stopped;
    expect(events.at(-1)).toMatchObject({ type: 'stopped', by: 'SIGKILL', clean: false });
  });

  test('a cruncher whose channel is closed gets SIGTERM at once', () => {
    const { supervisor, last } = supervised();
    supervisor.start();
    last().connected = false;
    void supervisor.stop();
    expect(last().kills).toEqual(['SIGTERM']);
  });

  test('a crash while stopping is told as not clean, and nothing is started again', async () => {
    const { supervisor, clock, last, events } = supervised();
    supervisor.start();
    const stopped = supervisor.stop();
    last().end(1, null, ['disk full']);
    await stopped;
    expect(events.at(-1)).toMatchObject({ type: 'stopped', clean: false, code: 1, lastWords: ['disk full'] });
    expect(clock.next).toBeNull();
  });

  test('while a restart is due ends the waiting', async () => {
    const { supervisor, clock, last, processes, types } = supervised();
    supervisor.start();
    last().end(1);
    await supervisor.stop();
    clock.advance(1_000_000);
    expect(processes.length).toBe(1);
    expect(types()).toEqual(['started', 'crashed', 'restarting', 'stopped']);
  });

  test('twice is once, starting meanwhile is refused, and afterwards it may start anew', async () => {
    const { supervisor, last, types } = supervised();
    supervisor.start();
    const both = [supervisor.stop(), supervisor.stop()];
    expect(() => supervisor.start()).toThrow('being stopped');
    last().end(0);
    await Promise.all(both);
    await supervisor.stop();
    expect(last().sent).toEqual(['stop']);
    supervisor.start();
    expect(types()).toEqual(['started', 'stopped', 'started']);
  });
});
