/**
 * A look inside a running Node process and its worker threads, without its help: SIGUSR1 opens Node's inspector, which
 * evaluates what it is sent (Chrome DevTools protocol; worker threads by the domain NodeWorker).
 */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Process } from './processes.ts';
import { pause } from './processes.ts';

const HOST = '127.0.0.1';
/** Where a process that got SIGUSR1 listens first: it is then told another port, so that this one is free again. */
const FIRST_PORT = 9229;
/** One at a time is at the first port. */
let turn: Promise<void> = Promise.resolve();
const PATIENCE_MS = 10_000;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

export class Inspector {
  private readonly socket: WebSocket;
  private readonly answers = new Map<number, (message: Message) => void>();
  private readonly threads = new Map<string, string>();
  private asked = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => this.receive(JSON.parse(String(data)) as Message));
  }

  /** @returns null when the process cannot be reached, or another one listens where it would */
  static async open(process: Process): Promise<Inspector | null> {
    const before = turn;
    const { promise: over, resolve: letGo } = Promise.withResolvers<void>();
    turn = before.then(() => over);
    await before;
    try {
      process.signal('SIGUSR1');
      const first = await Inspector.at(FIRST_PORT, process);
      if (first === null) return null;
      const port = await freePort();
      // In the next turn of its loop: closing ends this connection too, and waits for that.
      await first.evaluate(
        `{ const inspector = process.getBuiltinModule('node:inspector');
           setImmediate(() => { inspector.close(); inspector.open(${port}, '${HOST}'); }); }`,
      );
      first.close();
      const own = await Inspector.at(port, process);
      await own?.ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
      return own;
    } finally {
      letGo();
    }
  }

  /** Connects where this process listens, or will in a moment; null when it does not. */
  private static async at(port: number, process: Process): Promise<Inspector | null> {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(30)) {
      const socket = await connect(port).catch(() => null);
      if (socket === null) continue;
      const inspector = new Inspector(socket);
      if ((await inspector.evaluate('process.pid')) === process.pid) return inspector;
      inspector.close();
    }
    return null;
  }

  /** The worker threads whose names in the inspector contain this. */
  workers(name: string): string[] {
    return [...this.threads].filter(([, url]) => url.includes(name)).map(([session]) => session);
  }

  /** The value of an expression in the main thread; undefined when the process does not answer. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.ask('Runtime.evaluate', { expression, returnByValue: true });
    return (answer?.['result'] as { value?: unknown } | undefined)?.value;
  }

  /** Runs something in a worker thread; does not wait for its end, which may never come. */
  evaluateIn(session: string, expression: string): void {
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
    void this.ask('NodeWorker.sendMessageToWorker', { sessionId: session, message });
  }

  close(): void {
    this.socket.close();
  }

  private async ask(method: string, params: object): Promise<Message['result']> {
    const id = ++this.asked;
    const { promise, resolve } = Promise.withResolvers<Message | null>();
    this.answers.set(id, resolve);
    const limit = setTimeout(() => resolve(null), PATIENCE_MS);
    this.socket.send(JSON.stringify({ id, method, params }));
    const answer = await promise.finally(() => clearTimeout(limit));
    return answer?.result;
  }

  private receive(message: Message): void {
    if (message.id !== undefined) {
      this.answers.get(message.id)?.(message);
      this.answers.delete(message.id);
      return;
    }
    const { sessionId, workerInfo } = (message.params ?? {}) as { sessionId?: string; workerInfo?: { url: string } };
    if (sessionId === undefined) return;
    if (message.method === 'NodeWorker.attachedToWorker') this.threads.set(sessionId, workerInfo?.url ?? '');
    if (message.method === 'NodeWorker.detachedFromWorker') this.threads.delete(sessionId);
  }
}

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function connect(port: number): Promise<WebSocket> {
  const response = await fetch(`http://${HOST}:${port}/json/list`);
  const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  return socket;
}
