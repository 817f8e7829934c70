/**
 * Debian 13 with HTCondor in a folder, made once by debootstrap and kept outside of the repository (in XDG_CACHE_HOME, or
 * ~/.cache): a minute and 360 MB. Made in namespaces of its own, so that nothing stays mounted or running however it ends.
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const CACHE = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'nice19');
/** Another number where what is written into the tree changes. */
export const TREE = join(CACHE, 'pool-trixie-1');
/** debootstrap does not see that the first provides what the second's packages depend on. */
const PACKAGES = 'python3-cffi-backend,minihtcondor';
const LONGEST_MS = 150_000;
/** Those that a machine has of its own. */
export const NAMESPACES = ['--mount', '--pid', '--net', '--uts', '--ipc'];
/** Where the bundle is seen in it. */
export const PROGRAM_FOLDER = '/usr/lib/nice19';
export const USER = { name: 'ada', id: 1000 } as const;

/** Two cores, nothing waits for long, and nothing of the host's is touched. */
const CONFIGURATION = `NUM_CPUS = 2
MOUNT_UNDER_SCRATCH =
ENABLE_KERNEL_TUNING = False
DISCARD_SESSION_KEYRING_ON_STARTUP = False
DEFAULT_DOMAIN_NAME = test
UID_DOMAIN = test
FILESYSTEM_DOMAIN = test
TRUST_UID_DOMAIN = True
STARTER_ALLOW_RUNAS_OWNER = True
START = True
SUSPEND = False
PREEMPT = False
KILL = False
NEGOTIATOR_INTERVAL = 1
NEGOTIATOR_CYCLE_DELAY = 1
NEGOTIATOR_MIN_INTERVAL = 1
SCHEDD_INTERVAL = 1
SCHEDD_MIN_INTERVAL = 1
UPDATE_INTERVAL = 2
`;

/** Why there is no tree and none can be had here; null when there is, or it can be tried. */
export function obstacle(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs root, for namespaces and for debootstrap';
  const missing = ['unshare', 'nsenter', 'setpriv', 'chroot'].filter((program) => !isThere(program));
  if (missing.length > 0) return `it needs ${missing.join(', ')} (util-linux, coreutils)`;
  const allowed = spawnSync('unshare', [...NAMESPACES, '--fork', 'true'], { stdio: 'ignore' }).status === 0;
  if (!allowed) return 'it needs namespaces of its own, which are not allowed here (is this a container?)';
  return existsSync(TREE) || isThere('debootstrap') ? null : 'it needs debootstrap (apt-get install debootstrap)';
}

const isThere = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((directory) => existsSync(join(directory, program)));

/** @returns why there is none; null when it is there */
export async function ensureTree(say: (line: string) => void): Promise<string | null> {
  if (existsSync(TREE)) return null;
  say(`making Debian 13 with HTCondor in ${TREE} (once, about a minute) …`);
  mkdirSync(CACHE, { recursive: true });
  const half = `${TREE}.half-${process.pid}`;
  try {
    const problem = await debootstrap(half);
    if (problem !== null) return problem;
    prepare(half);
    renameSync(half, TREE);
    return null;
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

async function debootstrap(folder: string): Promise<string | null> {
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const what = ['debootstrap', '--variant=minbase', `--include=${PACKAGES}`, 'trixie', folder];
  const child = spawn('unshare', [...namespaces, ...what], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = '';
  child.stdout.on('data', (text: Buffer) => {
    last = text.toString().trim().split('\n').at(-1) ?? last;
  });
  const end = () => child.kill('SIGKILL');
  const limit = setTimeout(end, LONGEST_MS);
  process.once('exit', end);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  process.off('exit', end);
  if (code === 0) return null;
  return code === null ? `debootstrap was ended after ${LONGEST_MS / 1000} s` : `debootstrap failed (${last})`;
}

/** Written once: a run changes nothing of it. */
function prepare(tree: string): void {
  const { name, id } = USER;
  const folders = [PROGRAM_FOLDER, 'var/lib/condor', 'var/log/condor', 'var/spool/condor'];
  for (const folder of folders) mkdirSync(join(tree, folder), { recursive: true });
  rmSync(join(tree, 'var/cache/apt'), { recursive: true, force: true });
  writeFileSync(join(tree, 'etc/condor/condor_config.local'), CONFIGURATION);
  writeFileSync(join(tree, 'etc/hosts'), '127.0.0.1 localhost pool.test pool\n');
  writeFileSync(join(tree, 'etc/hostname'), 'pool\n');
  writeFileSync(join(tree, 'etc/resolv.conf'), '');
  writeFileSync(join(tree, 'etc/passwd'), `${name}:x:${id}:${id}::/home/${name}:/bin/bash\n`, { flag: 'a' });
  writeFileSync(join(tree, 'etc/group'), `${name}:x:${id}:\n`, { flag: 'a' });
}
