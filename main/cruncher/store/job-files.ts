/**
 * A search in the two files that a job of a pool carries from one computer to the next (docs/pool.md): the finds, one line
 * each, which only grow, and the state, which is replaced as a whole and says how much of the finds belongs to it, with a
 * digest of that.
 *
 * A saving first makes the new finds last, then the state. So at every moment the state on the disk is whole, and all of
 * its finds are there; what is behind them was being written, is cut off, and is found again: a search is repeatable.
 *
 * Bitmaps of the sieve are kept beside the two as long as the job stays where it is: they only save time.
 */

import { createHash, type Hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { SearchState } from '../../contract/checkpoint.ts';
import {
  FINDS_FILE,
  type FindLine,
  FindLineSchema,
  JOB_STATE_FORMAT,
  JOB_STATE_VERSION,
  type JobState,
  JobStateSchema,
  STATE_FILE,
} from '../../contract/job-files.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { VERSION } from '../../contract/version.ts';
import { type BlockInterval, blockCount, blockInterval } from '../../search/blocks.ts';
import type { KernelName } from '../../search/kernel-names.ts';
import { Refusal } from '../jobs/context.ts';
import { recordOf } from '../run/records.ts';
import { SEARCH_START, searchId } from '../run/search-identity.ts';
import type { Saving, SearchStore, SetAside } from '../run/search-store.ts';
import { type EnvelopeKind, fromEnvelope, inEnvelope, notWhatItHolds, readBounded } from './checkpoint-file.ts';
import { type Disk, realDisk } from './disk.ts';
import { parseJson } from './parse-json.ts';
import { sealedFile, sealedText } from './sieve-file.ts';
import { StorageFault } from './storage-fault.ts';

const STATE: EnvelopeKind = {
  format: JOB_STATE_FORMAT,
  version: JOB_STATE_VERSION,
  what: 'state of a job',
  instead: 'remove it, and the search begins anew with the same primes',
};
const SIEVE_FILE = 'nice19.sieve-';

/** What the two files hold. */
export interface JobContent {
  readonly state: JobState;
  readonly finds: readonly FindLine[];
  /** Running digest of the finds that belong to the state. */
  readonly digest: Hash;
}

/**
 * Reads both files of a job.
 * @returns null where nothing was saved yet: no files, or empty ones
 * @throws Refusal when they are damaged, foreign, newer, or do not belong together
 */
export function readJobFiles(directory: string, disk: Pick<Disk, 'identity'> = realDisk): JobContent | null {
  const [stateFile, findsFile] = [join(directory, STATE_FILE), join(directory, FINDS_FILE)];
  const sizes = [stateFile, findsFile].map((file) => disk.identity(file)?.size ?? 0);
  if (sizes.every((size) => size === 0)) return null;
  if (sizes[0] === 0) throw new Refusal(`${findsFile} has finds, and its ${STATE_FILE} is missing; copy both again.`);
  const parsed = v.safeParse(JobStateSchema, fromEnvelope(readBounded(stateFile), stateFile, STATE), {
    abortEarly: true,
  });
  if (!parsed.success) throw notWhatItHolds(stateFile, STATE, parsed.issues[0]);
  const state = parsed.output;
  const text = state.finds.bytes === 0 ? Buffer.alloc(0) : readBounded(findsFile).subarray(0, state.finds.bytes);
  const digest = createHash('sha256').update(text);
  if (text.length !== state.finds.bytes || digest.copy().digest('hex') !== state.finds.sha256) {
    throw new Refusal(
      `${findsFile} is not what its ${STATE_FILE} says (cut short, damaged or another's); copy both again.`,
    );
  }
  return { state, finds: findsIn(text, findsFile, state), digest };
}

function findsIn(text: Buffer, file: string, { finds: { count } }: JobState): FindLine[] {
  const lines = text.length === 0 ? [] : text.toString('utf8').trimEnd().split('\n');
  const finds = lines.map((line) => {
    const parsed = v.safeParse(FindLineSchema, parseJson(line), { abortEarly: true });
    if (!parsed.success) throw new Refusal(`${file} holds a line that is no find; it was not made by this nice19.`);
    return parsed.output;
  });
  if (finds.length !== count) throw new Refusal(`${file} has ${finds.length} finds where ${count} are said to be.`);
  return finds;
}

/** The finds as the records that a store keeps: digits and bounds are worked out from where each prime is. */
export function primesOfJob({ state, finds }: JobContent): StoredPrime[] {
  const { spec } = state;
  const id = searchId(spec);
  return finds.map(({ block, offset, rounds, kernels, ...rest }) =>
    recordOf(
      { block, index: offset, rounds, kernels: kernels as KernelName[], disagreement: false },
      { searchId: id, spec, ...rest },
    ),
  );
}

/** The search of one job, kept in its working directory. */
export class JobFiles implements SearchStore {
  readonly spec: SearchSpec;
  /** As it was read. */
  readonly begunFrom: SearchState;
  private readonly directory: string;
  private readonly disk: Disk;
  private readonly asides: SetAside[];
  private readonly blocks = new Map<number, { readonly interval: BlockInterval; readonly offsets: Set<number> }>();
  private kept: { count: number; bytes: number; digest: Hash };
  private cpuSeconds: number;

  /**
   * Goes on with what the directory has, or begins.
   * @param wanted makes the search where there is none yet
   * @throws Refusal when the files cannot be gone on with
   */
  static open(directory: string, wanted: () => SearchSpec, disk: Disk = realDisk): JobFiles {
    return new JobFiles(directory, readJobFiles(directory, disk), wanted, disk);
  }

  private constructor(directory: string, content: JobContent | null, wanted: () => SearchSpec, disk: Disk) {
    this.directory = directory;
    this.disk = disk;
    this.spec = content?.state.spec ?? wanted();
    this.begunFrom = content?.state.state ?? SEARCH_START;
    this.asides = [...(content?.state.setAside ?? [])];
    const { count, bytes } = content?.state.finds ?? { count: 0, bytes: 0 };
    this.kept = { count, bytes, digest: content?.digest ?? createHash('sha256') };
    this.cpuSeconds = this.begunFrom.counters.cpuSeconds;
    for (const find of content?.finds ?? []) this.remember(find);
  }

  get id(): string {
    return searchId(this.spec);
  }

  get cpuSecondsInAll(): number {
    return this.cpuSeconds;
  }

  setAside(): readonly SetAside[] {
    return [...this.asides];
  }

  /**
   * Writes both files as they stand, so that there is something to carry from the first moment on.
   * @throws StorageFault
   */
  begin(at: string): void {
    this.save({ id: this.id, state: this.begunFrom, finds: [], cpuSecondsInAll: this.cpuSeconds, at });
  }

  save({ state, finds, setAside = [], at }: Saving): void {
    const fresh = finds.filter((find) => !this.hasPlace(find.block, find.offset));
    const asides = [...this.asides, ...setAside.filter((one) => !this.asides.some((known) => samePlace(known, one)))];
    const text = Buffer.from(fresh.map((find) => `${JSON.stringify(lineOf(find))}\n`).join(''));
    const digest = this.kept.digest.copy().update(text);
    const kept = { count: this.kept.count + fresh.length, bytes: this.kept.bytes + text.length, digest };
    const content: JobState = {
      writtenAt: at,
      program: `nice19 ${VERSION}`,
      host: hostname(),
      spec: this.spec,
      state,
      setAside: asides,
      finds: { count: kept.count, bytes: kept.bytes, sha256: digest.copy().digest('hex') },
    };
    try {
      this.appendFinds(text);
      this.replaceState(inEnvelope(Buffer.from(JSON.stringify(content)), STATE));
    } catch (error) {
      throw new StorageFault(
        `nothing can be saved in ${this.directory} (${(error as Error).message}); free some space`,
      );
    }
    this.kept = kept;
    this.asides.splice(0, this.asides.length, ...asides);
    this.cpuSeconds = state.counters.cpuSeconds;
    for (const find of fresh) this.remember(find);
  }

  /** Behind those that belong to the last state; what a saving that failed has left there goes. */
  private appendFinds(text: Buffer): void {
    const file = join(this.directory, FINDS_FILE);
    const there = this.disk.identity(file)?.size ?? 0;
    if (there < this.kept.bytes) throw new Error(`${FINDS_FILE} has lost some of its finds`);
    if (text.length === 0 && this.disk.identity(file) !== null) return;
    const handle = this.disk.openToAppend(file);
    try {
      if (there > this.kept.bytes) this.disk.truncate(handle, this.kept.bytes);
      if (text.length > 0) this.disk.append(handle, text);
      this.disk.sync(handle);
    } finally {
      this.disk.close(handle);
    }
  }

  /** Beside it first; it takes its place when it is on the disk. */
  private replaceState(bytes: Buffer): void {
    const file = join(this.directory, STATE_FILE);
    const beside = `${file}.new`;
    const handle = this.disk.openToAppend(beside);
    try {
      this.disk.truncate(handle, 0);
      this.disk.append(handle, bytes);
      this.disk.sync(handle);
    } finally {
      this.disk.close(handle);
    }
    this.disk.rename(beside, file);
    this.disk.syncDirectory(this.directory);
  }

  private remember({ block, offset }: Pick<FindLine, 'block' | 'offset'>): void {
    let known = this.blocks.get(block);
    if (known === undefined) {
      const size = { digits: this.spec.digits, count: blockCount(this.spec.digits) };
      known = { interval: blockInterval(size, Buffer.from(this.spec.seed, 'hex'), block), offsets: new Set() };
      this.blocks.set(block, known);
    }
    known.offsets.add(offset);
  }

  private hasPlace(block: number, offset: number): boolean {
    return this.blocks.get(block)?.offsets.has(offset) === true;
  }

  /** By its place in every block that had a find: two blocks of few digits may overlap. */
  hasPrime(_id: string, decimal: string): boolean {
    const n = BigInt(decimal);
    for (const { interval, offsets } of this.blocks.values()) {
      const offset = (n - interval.start) / 2n;
      if (n >= interval.start && offset < interval.count && offsets.has(Number(offset))) return true;
    }
    return false;
  }

  survivors(id: string, block: number): { depth: number; bitmap: Uint8Array } | null {
    return quietly(() => sealedText(readFileSync(this.sieveFile(block)), { id, block }));
  }

  saveSurvivors(id: string, block: number, depth: number, bitmap: Uint8Array): void {
    quietly(() => writeFileSync(this.sieveFile(block), sealedFile({ id, block, depth }, bitmap)));
  }

  forgetSurvivors(_id: string, beforeBlock: number): void {
    quietly(() => {
      for (const name of this.disk.list(this.directory)) {
        const block = name.startsWith(SIEVE_FILE) ? Number(name.slice(SIEVE_FILE.length)) : Number.NaN;
        if (block < beforeBlock) this.disk.remove(join(this.directory, name));
      }
    });
  }

  private sieveFile(block: number): string {
    return join(this.directory, `${SIEVE_FILE}${block}`);
  }
}

function lineOf(prime: StoredPrime): FindLine {
  const { block, offset, rounds, kernels, cpuSeconds, wallSeconds, host, version, foundAt } = prime;
  return { block, offset, rounds, kernels, cpuSeconds, wallSeconds, host, version, foundAt };
}

const samePlace = (a: SetAside, b: SetAside): boolean => a.block === b.block && a.offset === b.offset;

/** For what only saves time. */
function quietly<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
