/** A Linux made of strings: a process table, an autogroup and control groups, for the rules of main/cruncher/priority. */

import type { LinuxSystem } from '../../main/cruncher/priority/system.ts';

export interface PaperProcess {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  readonly terminal?: number;
}

export interface PaperThread {
  nice: number;
  readonly policy?: number;
  /** setpriority() fails for it. */
  readonly stubborn?: boolean;
}

export interface PaperOptions {
  readonly pid?: number;
  /** The process that is said to have made the session for both; this one unless given. */
  readonly leader?: number;
  readonly processes?: readonly PaperProcess[];
  readonly threads?: Record<number, PaperThread>;
  /** Nice value of this process's autogroup; null: a kernel without autogroups. */
  readonly autogroup?: number | null;
  /** Further files, as they are. */
  readonly files?: Record<string, string>;
  /** What writing a file answers, one after the other, before it succeeds. */
  readonly errors?: Record<string, readonly string[]>;
}

export interface PaperLinux extends LinuxSystem {
  readonly files: Map<string, string>;
  /** Every write that succeeded: "path=text". */
  readonly writes: string[];
  /** Milliseconds waited in all. */
  waited: number;
}

function statLine(pid: number, process: Omit<PaperProcess, 'pid'>, nice: number, policy: number): string {
  const fields = new Array<number>(50).fill(0);
  const set = (number: number, value: number): void => {
    fields[number - 4] = value;
  };
  set(4, process.parent);
  set(6, process.session);
  set(7, process.terminal ?? 0);
  set(19, nice);
  set(41, policy);
  return `${pid} (a (name) of) sorts) S ${fields.join(' ')}\n`;
}

export function paperLinux(options: PaperOptions = {}): PaperLinux {
  const pid = options.pid ?? 100;
  const processes = options.processes ?? [{ pid, parent: 50, session: pid }];
  const threads = options.threads ?? { [pid]: { nice: 0 } };
  const files = new Map(Object.entries({ '/proc/sys/kernel/sched_autogroup_enabled': '1\n', ...options.files }));
  let autogroup = options.autogroup === undefined ? 0 : options.autogroup;
  const errors = new Map(Object.entries(options.errors ?? {}).map(([path, codes]) => [path, [...codes]]));
  const self = processes.find((process) => process.pid === pid) ?? { parent: 1, session: 1 };

  return {
    pid,
    leader: options.leader ?? pid,
    files,
    writes: [],
    waited: 0,
    read(path) {
      if (path === `/proc/${pid}/autogroup`) return autogroup === null ? null : `/autogroup-7 nice ${autogroup}\n`;
      const thread = /^\/proc\/\d+\/task\/(\d+)\/stat$/.exec(path)?.[1];
      const found = thread === undefined ? undefined : threads[Number(thread)];
      if (found !== undefined) return statLine(Number(thread), self, found.nice, found.policy ?? 0);
      const named = /^\/proc\/(\d+)\/stat$/.exec(path)?.[1];
      const process = processes.find((one) => one.pid === Number(named));
      return process === undefined ? (files.get(path) ?? null) : statLine(process.pid, process, 0, 0);
    },
    list(path) {
      if (path === '/proc') return ['self', 'sys', ...processes.map((process) => String(process.pid))];
      return path === `/proc/${pid}/task` ? Object.keys(threads) : [];
    },
    write(path, text) {
      const error = errors.get(path)?.shift();
      if (error !== undefined) return error;
      if (path === `/proc/${pid}/autogroup`) autogroup = Number(text);
      else files.set(path, text);
      this.writes.push(`${path}=${text}`);
      return null;
    },
    setNice(thread, nice) {
      const found = threads[thread];
      if (found !== undefined && !found.stubborn) found.nice = nice;
    },
    wait(milliseconds) {
      this.waited += milliseconds;
    },
  };
}
