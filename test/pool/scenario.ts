/**
 * What is shown on a real pool, in order: checkpoints, eviction in the middle of a test, a job that is killed, a computer that
 * goes, and that after all of it the primes are those of a search that nobody disturbed; then collecting.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { FindLineSchema, JobStateSchema } from '../../main/contract/job-files.ts';
import { readJobLog } from '../../main/pool/job-log.ts';
import { jobSeed } from '../../main/pool/seeds.ts';
import { type Machine, until } from './machine.ts';
import { PROGRAM_FOLDER, USER } from './tree.ts';

/** Not part of the repository. */
const ARTIFACTS = fileURLToPath(new URL('../../artifacts/pool/', import.meta.url));
const HOME = `/home/${USER.name}`;
const PROGRAM = `${PROGRAM_FOLDER}/nice19.mjs`;
const NODE = `${PROGRAM_FOLDER}/${process.arch === 'arm64' ? 'node-aarch64' : 'node-X86_64'}`;
interface Search {
  readonly folder: string;
  readonly jobs: readonly number[];
  readonly digits: number;
  readonly count: number;
  /** CPU seconds between two checkpoints. */
  readonly every: number;
  readonly seed: string;
}

/** A checkpoint after every 14 primes or so. */
const SMALL: Search = {
  folder: 'small',
  jobs: [0, 1],
  digits: 500,
  count: 80,
  every: 1.2,
  seed: '5'.padStart(64, '0'),
};
/** Of this seed the job finds its first prime after 11 s of CPU time or so. */
const LARGE: Search = { folder: 'large', jobs: [0], digits: 5000, count: 1, every: 2.5, seed: '5'.padStart(64, '0') };

export class Pool {
  readonly machine: Machine;
  private readonly program: string;
  private readonly say: (line: string) => void;
  private readonly runs = new Map<Search, Promise<string[][]>>();
  private readonly scratch = mkdtempSync(join(tmpdir(), 'nice19-pool-'));

  /** @param program folder with bundle and Node, here */
  constructor(machine: Machine, program: string, say: (line: string) => void) {
    this.machine = machine;
    this.program = program;
    this.say = say;
    process.once('exit', () => this.end());
  }

  end(): void {
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** nice19 as the user of the pool. @throws with its words when it fails */
  async nice19(...words: string[]): Promise<string> {
    const { code, out, err } = await this.machine.asUser(NODE, PROGRAM, ...words);
    if (code !== 0) throw new Error(`nice19 ${words.join(' ')} ended with ${code}: ${err}${out}`);
    return out;
  }

  async submit({ folder, jobs, digits, count, every, seed }: Search): Promise<void> {
    const size = ['--digits', String(digits), '--jobs', String(jobs.length), '--count', String(count)];
    await this.nice19('pool', 'submit', ...size, '--every', String(every), '--seed', seed, '--folder', folder);
  }

  log({ folder }: Search): string {
    return this.machine.read(`${HOME}/${folder}/pool.log`);
  }

  said({ folder }: Search, job: number): string {
    return this.machine.read(`${HOME}/${folder}/jobs/${job}/said`);
  }

  history(search: Search, job: number) {
    const found = readJobLog(this.log(search)).find((one) => one.job === job);
    if (found === undefined) throw new Error(`job ${job} is not in the log`);
    return found;
  }

  async done(search: Search, limitMs: number): Promise<void> {
    await until('all jobs are done', limitMs, () =>
      search.jobs.every((job) => this.history(search, job).state === 'done'),
    );
  }

  /** Where each prime of a job is, in order. */
  places({ folder }: Search, job: number): string[] {
    return placesIn(this.machine.read(`${HOME}/${folder}/jobs/${job}/nice19.finds`));
  }

  /** The same of searches with the jobs' seeds that run here, by themselves, to their end; begun once. */
  undisturbed(search: Search): Promise<string[][]> {
    const run = this.runs.get(search) ?? this.runUndisturbed(search);
    this.runs.set(search, run);
    return run;
  }

  private async runUndisturbed({ folder, jobs, digits, count, seed }: Search): Promise<string[][]> {
    return Promise.all(
      jobs.map(async (job) => {
        const directory = join(this.scratch, `${folder}-${job}`);
        const search = ['search', '--exit-on-checkpoint', '85', '--every', '86400', '--data', directory];
        const what = ['--digits', String(digits), '--count', String(count), '--seed', jobSeed(seed, job)];
        const child = spawn(process.execPath, [join(this.program, 'nice19.mjs'), ...search, ...what], {
          stdio: 'ignore',
        });
        const end = () => child.kill('SIGKILL');
        process.once('exit', end);
        const [code] = await once(child, 'close');
        process.off('exit', end);
        requireThat(code === 0, `an undisturbed search ended with ${code}`);
        return placesIn(readFileSync(join(directory, 'nice19.finds'), 'utf8'));
      }),
    );
  }

  async samePrimes(search: Search): Promise<void> {
    const expected = await this.undisturbed(search);
    for (const job of search.jobs) {
      const found = this.places(search, job);
      this.say(
        `    job ${job}: ${found.length} primes (block:offset) ${ends(found)}; undisturbed ${ends(expected[job] as string[])}`,
      );
      requireThat(
        found.length === search.count,
        `job ${job} has ${found.length} primes, and should have ${search.count}`,
      );
      requireThat(found.join() === expected[job]?.join(), `job ${job} has other primes than an undisturbed search`);
    }
  }

  /** Processes that were given this seed, as the pool counts them. */
  processes(seed: string): string[] {
    const processes = this.machine.path('/proc');
    const isIts = (pid: string) =>
      textOf(join(processes, pid, 'cmdline'))
        .split('\0')
        .includes(seed);
    return readdirSync(processes).filter((name) => /^\d+$/.test(name) && isIts(name));
  }

  /**
   * Until a job has been started anew, and its cruncher has computed for a second: Node is up, and a test goes on.
   * @param starts so many times its program has been started by HTCondor on this computer
   */
  async atWork(starts: number): Promise<void> {
    const place = this.machine.path('/var/lib/condor/execute');
    const begun = () =>
      readdirSync(place).some((folder) => {
        const said = textOf(join(place, folder, '_condor_stderr'));
        return (said.match(/^Searching/gm)?.length ?? 0) >= starts;
      });
    const processes = this.machine.path('/proc');
    const computes = (pid: string) => {
      const words = textOf(join(processes, pid, 'cmdline')).split('\0');
      // The cruncher was started with the program's name alone. Fields 14 and 15 of proc_pid_stat(5), in ticks of 10 ms.
      if (words.at(-2)?.endsWith('/nice19.mjs') !== true) return false;
      const stat = textOf(join(processes, pid, 'stat'));
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]) > 100;
    };
    await until('the job computes', 60_000, () => begun() && readdirSync(processes).some(computes));
  }

  /** For whoever wants to look at it later. */
  keep(search: Search): void {
    mkdirSync(ARTIFACTS, { recursive: true });
    writeFileSync(join(ARTIFACTS, `${search.folder}.log`), this.log(search));
    for (const job of search.jobs)
      writeFileSync(join(ARTIFACTS, `${search.folder}-${job}.said`), this.said(search, job));
    const codes = ['StarterLog.slot1_1', 'StarterLog.slot1_2'].flatMap((file) =>
      textOf(this.machine.path(`/var/log/condor/${file}`))
        .split('\n')
        .filter((line) => line.includes('Process exited')),
    );
    writeFileSync(join(ARTIFACTS, `${search.folder}.ends`), `${codes.join('\n')}\n`);
  }

  /** The evidence: the log without its lines about addresses, and what the jobs said. */
  tell(search: Search): void {
    this.keep(search);
    this.say(`    ${search.folder}/pool.log:`);
    for (const line of this.log(search).split('\n')) {
      if (/^\d{3} |requeued|signal|return value|^\s+job \d/.test(line))
        this.say(`      ${line.replace(/<.*/, '').trimEnd()}`);
    }
    for (const job of search.jobs) {
      this.say(`    ${search.folder}/jobs/${job}/said:`);
      for (const line of this.said(search, job).split('\n'))
        if (/^(Search|Check|Done|Warn)/.test(line)) this.say(`      ${line}`);
    }
  }

  tellLines(lines: readonly string[]): void {
    for (const line of lines) this.say(`    ${line}`);
  }

  /** What may help to see why something failed. */
  async tellAll(): Promise<void> {
    for (const search of [SMALL, LARGE]) {
      try {
        this.say(await this.nice19('pool', 'status', search.folder));
        this.say(this.log(search));
      } catch {
        // It was not submitted yet.
      }
    }
    for (const file of ['StarterLog.slot1_1', 'StarterLog.slot1_2', 'ShadowLog', 'StartLog']) {
      this.say(
        `--- ${file}\n${textOf(this.machine.path(`/var/log/condor/${file}`))
          .split('\n')
          .slice(-30)
          .join('\n')}`,
      );
    }
  }
}

interface Check {
  readonly name: string;
  readonly check: (pool: Pool) => Promise<void>;
}

export const CHECKS: readonly Check[] = [
  {
    name: 'two jobs at 500 digits, three checkpoints each, with exit code 85',
    async check(pool) {
      await pool.submit(SMALL);
      await pool.done(SMALL, 120_000);
      pool.tell(SMALL);
      for (const job of SMALL.jobs) {
        const { checkpoints, starts, failures } = pool.history(SMALL, job);
        requireThat(checkpoints >= 3, `job ${job} has ${checkpoints} checkpoints in the log`);
        requireThat(starts === 1 && failures === 0, `job ${job} has ${starts} starts and ${failures} failures`);
        const codes = pool.said(SMALL, job).match(/exit code 85/g)?.length ?? 0;
        requireThat(codes === checkpoints, `job ${job} said 85 ${codes} times and ${checkpoints} arrived`);
      }
    },
  },
  {
    name: 'their primes are those of undisturbed searches',
    check: (pool) => pool.samePrimes(SMALL),
  },
  {
    name: 'collecting brings all of them, each tested again; a second time nothing',
    async check(pool) {
      const collect = async () =>
        JSON.parse(await pool.nice19('pool', 'collect', SMALL.folder, '--data', 'all', '--json'));
      const [first, second] = [await collect(), await collect()];
      pool.tellLines([JSON.stringify(first), JSON.stringify(second)]);
      const all = SMALL.jobs.length * SMALL.count;
      requireThat(first.added === all && first.refused.length === 0, `the first brought ${first.added} of ${all}`);
      requireThat(second.added === 0 && second.primes === all, `the second brought ${second.added}`);
      const primes = JSON.parse(await pool.nice19('primes', '--data', 'all', '--json')) as { decimal: string }[];
      requireThat(new Set(primes.map(({ decimal }) => decimal)).size === all, `there are ${primes.length} primes`);
    },
  },
  {
    name: 'a job that was lost with its files finds the same again',
    async check(pool) {
      const before = pool.places(SMALL, 1).join();
      for (const file of ['nice19.state', 'nice19.finds'])
        rmSync(pool.machine.path(`${HOME}/${SMALL.folder}/jobs/1/${file}`));
      await pool.nice19('pool', 'submit', '--again', '1', '--folder', SMALL.folder);
      await pool.done(SMALL, 60_000);
      requireThat(pool.places(SMALL, 1).join() === before, 'it has other primes');
    },
  },
  {
    name: 'condor_vacate_job in the middle of a test at 5,000 digits: the state has the test, and the job goes on',
    async check(pool) {
      await pool.submit(LARGE);
      // Beside it, on the other core.
      void pool.undisturbed(LARGE).catch(() => {});
      await until('a first checkpoint', 60_000, () => pool.history(LARGE, 0).checkpoints > 0);
      await pool.atWork(2);
      const { name } = pool.history(LARGE, 0);
      await pool.machine.asUser('condor_vacate_job', name);
      await until('it is evicted', 30_000, () => pool.history(LARGE, 0).evictions === 1);
      const { out } = await pool.machine.asUser('condor_evicted_files', 'dir', name);
      const state = readState(pool.machine.read(`${out.trim()}/nice19.state`));
      const tests = state.units.flatMap(({ active }) => (active === null ? [] : [active.stage]));
      pool.tellLines([
        `evicted after ${state.counters.cpuSeconds.toFixed(2)} s of CPU time, in the middle of: ${tests.join(', ')}`,
      ]);
      requireThat(tests.length > 0, 'no test was in progress');
      requireThat(textOf(pool.machine.path(`${out.trim()}/_condor_stderr`)).includes('(SIGTERM)'), 'it did not save');
      await until('it runs again', 30_000, () => pool.history(LARGE, 0).starts === 2);
    },
  },
  {
    name: 'SIGKILL for a job: it is tried again from its last checkpoint',
    async check(pool) {
      await pool.atWork(1);
      const [program] = pool.processes(jobSeed(LARGE.seed, 0));
      requireThat(program !== undefined, 'the job does not run');
      await pool.machine.asRoot('bash', '-c', `kill -KILL ${program}`);
      await until('it is queued again', 30_000, () => pool.history(LARGE, 0).failures === 1);
      await until('it runs again', 30_000, () => pool.history(LARGE, 0).starts === 3);
    },
  },
  {
    name: 'the computer goes (its startd is stopped) and comes back: the job goes on',
    async check(pool) {
      await pool.atWork(1);
      await pool.machine.asRoot('condor_off', '-fast', '-startd');
      await until('it is evicted', 30_000, () => pool.history(LARGE, 0).state === 'waits');
      await pool.machine.asRoot('condor_on', '-startd');
      await until('it runs again', 60_000, () => pool.history(LARGE, 0).starts === 4);
    },
  },
  {
    name: 'after all that the primes are those of undisturbed searches',
    async check(pool) {
      await pool.done(LARGE, 150_000);
      pool.tell(LARGE);
      pool.tellLines((await pool.nice19('pool', 'status', LARGE.folder)).trim().split('\n'));
      await pool.samePrimes(LARGE);
    },
  },
];

function requireThat(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

function placesIn(finds: string): string[] {
  return finds
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => v.parse(FindLineSchema, JSON.parse(line)))
    .map(({ block, offset }) => `${block}:${offset}`);
}

const readState = (text: string) => v.parse(JobStateSchema, JSON.parse(text.split('\n')[1] as string)).state;

const ends = (places: readonly string[]): string =>
  places.length <= 2 ? places.join(' ') : `${places[0]} … ${places.at(-1)}`;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
