/**
 * A look inside a running Node process and its worker threads, without its help: SIGUSR1 opens Node's inspector, which
 * evaluates what it is sent (Chrome DevTools protocol; worker threads by the domain NodeWorker).
 */

import type { Process } from './processes.ts';
import { pause } from './processes.ts';

/** Where a process that got SIGUSR1 listens; it cannot be told another port, so there is one user at a time. */
const ADDRESS = '127.0.0.1:9229';
const PATIENCE_MS = 5000;

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

  /** @returns null when the process cannot be reached, or another one listens there */
  static async open(process: Process): Promise<Inspector | null> {
    process.signal('SIGUSR1');
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await pause(30)) {
      const socket = await connect().catch(() => null);
      if (socket === null) continue;
      const inspector = new Inspector(socket);
      const pid = await inspector.evaluate('process.pid');
      if (pid === process.pid) {
        await inspector.ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
        return inspector;
      }
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

async function connect(): Promise<WebSocket> {
  const response = await fetch(`http://${ADDRESS}/json/list`);
  const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  return socket;
}
