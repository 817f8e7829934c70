/**
 * A computer with HTCondor, in namespaces of its own: mounts, processes, network (the loopback alone), name. When its first
 * process ends all of it is gone, and that ends when this process does, however it does: its standard input breaks.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACES, PROGRAM_FOLDER, TREE, USER } from './tree.ts';

const HOME = `/home/${USER.name}`;

/** All that is written goes to memory; the tree stays as it is. */
const FIRST_PROCESS = `set -e
tree=$1 program=$2
mount --bind $tree $tree
mount -t proc proc $tree/proc
mount --rbind /dev $tree/dev
for folder in tmp run home var/lib/condor var/log/condor var/spool/condor; do mount -t tmpfs -o mode=755 tmpfs $tree/$folder; done
chmod 1777 $tree/tmp
mkdir -p $tree/run/lock/condor $tree/run/condor $tree${HOME} $tree/var/lib/condor/execute $tree/var/lib/condor/cred_dir
chown ${USER.id}:${USER.id} $tree${HOME}
mount --bind $program $tree${PROGRAM_FOLDER}
hostname pool
ip link set lo up
exec chroot $tree /bin/bash -c '
  chown -R condor:condor /var/lib/condor /var/log/condor /var/spool/condor /run/condor /run/lock/condor
  condor_master -f &
  read -r _ || true
'
`;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export class Machine {
  private readonly child: ChildProcess;
  private readonly errors: string[] = [];

  /** @param program folder with the bundle and Node, to be seen in the machine */
  constructor(program: string) {
    const script = ['bash', '-c', FIRST_PROCESS, 'pool', TREE, program];
    this.child = spawn('unshare', [...NAMESPACES, '--propagation', 'private', '--fork', '--kill-child', ...script], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    this.child.stderr?.on('data', (text: Buffer) => this.errors.push(text.toString()));
    this.child.stdin?.on('error', () => {});
  }

  /** Resolves when its queue answers and a computer is there. @throws with what it said */
  async ready(): Promise<void> {
    await until('the pool is there', 60_000, async () => {
      if (this.child.exitCode !== null) throw new Error(`the pool did not start: ${this.errors.join('')}`);
      const { out } = await this.asRoot('condor_status', '-af', 'Name').catch(() => ({ out: '' }));
      return out.includes('slot1') && (await this.asUser('condor_q')).code === 0;
    });
  }

  /** The first process, as this system counts. */
  private get pid(): string {
    const { pid } = this.child;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  }

  /** Where a file of the machine is seen from here. */
  path(file: string): string {
    return join(`/proc/${this.pid}/root`, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  asRoot(...command: string[]): Promise<Ran> {
    return this.run(0, command);
  }

  /** An ordinary user: HTCondor runs no jobs of root. */
  asUser(...command: string[]): Promise<Ran> {
    return this.run(USER.id, command);
  }

  private run(user: number, command: string[]): Promise<Ran> {
    const enter = ['--target', this.pid, ...NAMESPACES, '--root', '--wd'];
    const become = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
    const environment = ['env', '-i', `--chdir=${HOME}`, `HOME=${HOME}`, 'PATH=/usr/bin:/bin:/usr/sbin:/sbin'];
    const words = [...enter, ...become, ...environment, ...command];
    return new Promise((resolve, reject) => {
      execFile('nsenter', words, { maxBuffer: 2 ** 28 }, (error, out, err) => {
        const code = error === null ? 0 : (error.code as unknown);
        if (typeof code === 'number') resolve({ code, out, err });
        else reject(error as Error);
      });
    });
  }

  /** All of it is gone when this resolves. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.stdin?.end();
    const limit = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(limit);
  }

  /** At once, for the end of this process. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** What another program does is looked for. @throws when it does not come to pass in time */
export async function until(what: string, limitMs: number, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`this did not come to pass in ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
