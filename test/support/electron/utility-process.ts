/**
 * `utilityProcess`: a real process, forked from Node and in the session of the app, as Electron's are. utility-child.ts is
 * loaded into it first and makes its surroundings Electron's.
 *
 * As in Electron (lib/browser/api/utility-process.ts): `pid` is there between spawn and exit, its output is let go of at the
 * exit, `kill` is SIGTERM and two seconds later SIGKILL.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { PassThrough } from 'node:stream';
import { complete } from './complete.ts';
import { nodeExecutable } from './identity.ts';

const SURROUNDINGS = new URL('utility-child.ts', import.meta.url).href;
const KILL_AFTER_MS = 2000;
const TIMERS = Symbol('timers');

/** Node's channel takes no bare bigint; and the stand-in asks its children for the timers that they have set. */
export type Envelope = { readonly data: unknown } | { readonly timers: readonly number[] };

const children = new Set<StandInUtilityProcess>();

/** Of all utility processes. */
export const timersOfChildren = async (): Promise<number[]> =>
  (await Promise.all([...children].map((child) => child.timers()))).flat();

type Stream = 'pipe' | 'ignore' | 'inherit';

/** @throws for what Electron does not take */
function stdioOf(given: Electron.ForkOptions['stdio']): [Stream, Stream] {
  const all = typeof given === 'string' ? [given === 'pipe' ? 'ignore' : given, given, given] : (given ?? []);
  const [stdin = 'ignore', stdout = 'inherit', stderr = 'inherit'] = all as Stream[];
  if (stdin === 'pipe') throw new Error('stdin value other than ignore is not supported.');
  return [stdout, stderr];
}

/** Told when one is gone in another way than by ending itself well. */
export type ChildGone = (details: Electron.Details) => void;

export class StandInUtilityProcess
  extends EventEmitter
  implements Pick<Electron.UtilityProcess, 'pid' | 'stdout' | 'stderr' | 'postMessage' | 'kill'>
{
  pid: number | undefined;
  readonly stdout: PassThrough | null;
  readonly stderr: PassThrough | null;
  private readonly child: ChildProcess;
  private killed = false;

  constructor(modulePath: string, args: string[], options: Electron.ForkOptions, gone: ChildGone) {
    super();
    const [stdout, stderr] = stdioOf(options.stdio);
    this.stdout = stdout === 'pipe' ? new PassThrough() : null;
    this.stderr = stderr === 'pipe' ? new PassThrough() : null;
    this.child = fork(modulePath, args, {
      execPath: nodeExecutable,
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', SURROUNDINGS, ...(options.execArgv ?? [])],
      serialization: 'advanced',
      stdio: ['ignore', stdout, stderr, 'ipc'],
      env: (options.env ?? process.env) as NodeJS.ProcessEnv,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    if (this.stdout) this.child.stdout?.pipe(this.stdout);
    if (this.stderr) this.child.stderr?.pipe(this.stderr);
    this.child.once('spawn', () => {
      this.pid = this.child.pid;
      this.emit('spawn');
    });
    this.child.on('message', (envelope: Envelope) => {
      if ('data' in envelope) this.emit('message', envelope.data);
      else this.emit(TIMERS, envelope.timers);
    });
    children.add(this);
    this.child.on('error', (error) => process.stderr.write(`utility process: ${error.message}\n`));
    this.child.once('exit', (code, signal) => {
      this.pid = undefined;
      children.delete(this);
      this.emit(TIMERS, []);
      const status = signal === null ? (code ?? 0) : constants.signals[signal];
      if (status !== 0) {
        gone({
          type: 'Utility',
          reason:
            signal === null ? 'abnormal-exit' : signal === 'SIGKILL' || signal === 'SIGTERM' ? 'killed' : 'crashed',
          exitCode: status,
          serviceName: 'node.mojom.NodeService',
          name: options.serviceName ?? 'Node Utility Process',
        });
      }
      this.emit('exit', this.killed ? 0 : status);
      this.stdout?.removeAllListeners();
      this.stderr?.removeAllListeners();
    });
  }

  postMessage(message: unknown, transfer?: Electron.MessagePortMain[]): void {
    if (transfer && transfer.length > 0) throw new Error('The Electron stand-in sends no MessagePorts.');
    if (this.child.connected) this.child.send({ data: message } satisfies Envelope, () => {});
  }

  /** Milliseconds of the timers that it has set. */
  timers(): Promise<number[]> {
    this.child.send({ timers: [] } satisfies Envelope, () => {});
    return new Promise((resolve) => this.once(TIMERS, resolve));
  }

  kill(): boolean {
    this.killed = true;
    setTimeout(() => this.child.kill('SIGKILL'), KILL_AFTER_MS).unref();
    return this.child.kill('SIGTERM');
  }
}

export function utilityProcessOf(gone: ChildGone) {
  return {
    fork: (modulePath, args = [], options = {}) =>
      complete<Electron.UtilityProcess>('UtilityProcess', new StandInUtilityProcess(modulePath, args, options, gone)),
  } satisfies Pick<typeof Electron.utilityProcess, 'fork'>;
}
