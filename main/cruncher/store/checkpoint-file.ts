/**
 * The portable checkpoint file, as docs/checkpoint-format.md specifies it: a header line with the SHA-256 of
 * the content line, so that damage of any kind is found before anything is believed.
 */

import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import * as v from 'valibot';
import {
  CHECKPOINT_FORMAT,
  CHECKPOINT_VERSION,
  type CheckpointContent,
  CheckpointContentSchema,
} from '../../contract/checkpoint.ts';
import type { StoredPrime } from '../../contract/prime-record.ts';
import { VERSION } from '../../contract/version.ts';
import { Refusal } from '../jobs/context.ts';
import { jsonProblem } from './json-limits.ts';
import type { StoredSearch } from './store.ts';

/** Bytes of the content: parsed, it takes several times that in memory, and a string of Node's holds 2^29. */
const LARGEST_CONTENT = 400_000_000;
/** Bytes; it has about 130. */
const LONGEST_HEADER = 1000;
const NEWLINE = 10;

/** Bytes of a prime's record but for its digits, at least. */
const SMALLEST_RECORD = 400;

/**
 * Looks whether the primes of a search fit into a file, before they are read.
 * @throws Refusal when they do not
 */
export function requireFitsFile(primes: number, digits: number): void {
  if (primes * (digits + SMALLEST_RECORD) > LARGEST_CONTENT) throw tooLarge(primes);
}

const tooLarge = (primes: number): Refusal =>
  new Refusal(
    `This search is too large for one file (${primes} primes); copy the data directory instead, and use it there with --data, or "nice19 import DIRECTORY".`,
  );

export function checkpointContent(
  search: StoredSearch,
  primes: readonly StoredPrime[],
  now: string,
): CheckpointContent {
  return {
    writtenAt: now,
    program: `nice19 ${VERSION}`,
    host: hostname(),
    spec: search.spec,
    state: search.state,
    primes: [...primes],
  };
}

/** @throws Refusal when it is too large for a file */
export function encodeCheckpoint(content: CheckpointContent): Buffer {
  const body = Buffer.from(JSON.stringify(content));
  if (body.length > LARGEST_CONTENT) throw tooLarge(content.primes.length);
  return inEnvelope(body, CHECKPOINT);
}

/** A kind of file in the envelope of docs/checkpoint-format.md. */
export interface EnvelopeKind {
  readonly format: string;
  /** The newest version that is known; it is the one that is written. */
  readonly version: number;
  /** What it is called, such as "checkpoint". */
  readonly what: string;
  /** What to do about one that is none. */
  readonly instead: string;
}

const CHECKPOINT: EnvelopeKind = {
  format: CHECKPOINT_FORMAT,
  version: CHECKPOINT_VERSION,
  what: 'checkpoint',
  instead: 'make one with "nice19 checkpoint export FILE"',
};

/** The header with the digest, and the content. */
export function inEnvelope(body: Buffer, { format, version }: EnvelopeKind): Buffer {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const header = { format, version, bytes: body.length, sha256 };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body, Buffer.from('\n')]);
}

/**
 * The content as JSON, whole and of this kind; its fields are for the caller to look at.
 * @param name the file's name, for the sentences
 * @throws Refusal when it is damaged, cut short, foreign or from a newer version
 */
export function fromEnvelope(bytes: Buffer, name: string, { format, version, what, instead }: EnvelopeKind): unknown {
  const end = bytes.indexOf(NEWLINE);
  const header = parseHeader(bytes.subarray(0, Math.max(0, Math.min(end, LONGEST_HEADER))));
  if (header === null || header.format !== format) {
    throw new Refusal(`${name} is not a nice19 ${what}; ${instead}.`);
  }
  if (header.version > version) {
    throw new Refusal(
      `${name} is a ${what} of version ${header.version}, this nice19 reads up to ${version}; install a newer one.`,
    );
  }
  const rest = bytes.length - (end + 1);
  if (rest < header.bytes + 1) {
    throw new Refusal(`${name} is cut short (${rest} of ${header.bytes + 1} bytes of content); copy it again.`);
  }
  const body = bytes.subarray(end + 1, end + 1 + header.bytes);
  if (rest > header.bytes + 1 || bytes.at(-1) !== NEWLINE) {
    throw new Refusal(`${name} is damaged: it does not end where its content ends; copy it again.`);
  }
  if (createHash('sha256').update(body).digest('hex') !== header.sha256) {
    throw new Refusal(`${name} is damaged: its SHA-256 does not fit its content; copy it again.`);
  }
  const problem = jsonProblem(body);
  if (problem !== null) throw new Refusal(`${name} does not hold what a ${what} holds: ${problem}.`);
  return parseJson(body);
}

/**
 * @param name the file's name, for the sentences
 * @throws Refusal when it is damaged, cut short, foreign or from a newer version
 */
export function decodeCheckpoint(bytes: Buffer, name: string): CheckpointContent {
  // At the first thing that is wrong: a description of each of ten million would fill the memory.
  const parsed = v.safeParse(CheckpointContentSchema, fromEnvelope(bytes, name, CHECKPOINT), { abortEarly: true });
  if (!parsed.success) throw notWhatItHolds(name, CHECKPOINT, parsed.issues[0]);
  return parsed.output;
}

/** @param issue the first thing that is wrong with the content */
export function notWhatItHolds(name: string, { what }: EnvelopeKind, issue: v.BaseIssue<unknown>): Refusal {
  const where = v.getDotPath(issue as v.BaseIssue<unknown>) ?? 'content';
  return new Refusal(`${name} does not hold what a ${what} holds (${where}: ${issue.message.slice(0, 200)}).`);
}

/** @throws Refusal also when the file cannot be read */
export function readCheckpoint(file: string): CheckpointContent {
  return decodeCheckpoint(readBounded(file), file);
}

/** A whole regular file of bounded size. @throws Refusal */
export function readBounded(file: string): Buffer {
  let handle: number | null = null;
  try {
    // Without O_NONBLOCK a named pipe would be waited for. Windows has neither.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(handle);
    if (!found.isFile()) throw new Refusal(`${file} is not a file; give the name of a checkpoint file.`);
    if (found.size > LARGEST_CONTENT + LONGEST_HEADER) {
      throw new Refusal(
        `${file} is too large to be a checkpoint (${found.size} bytes); import the data directory itself: "nice19 import DIRECTORY".`,
      );
    }
    return readFileSync(handle);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(`${file} cannot be read (${(error as Error).message}); give the name of a checkpoint file.`);
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/**
 * Writes beside the file and moves it there when it is on the disk, so that a half-written file never takes
 * the place of a good one. A symbolic link stays one: what it points to is replaced.
 * @throws Refusal when it cannot be written, or what has the name now is no file
 */
export function writeDurably(file: string, bytes: Buffer): void {
  let temporary: string | null = null;
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    // A device would be replaced by a file of its name: as root, even /dev/null.
    if (there !== undefined && !there.isFile()) throw new Error('it is there and not a file');
    const target = there === undefined ? file : realpathSync(file);
    const name = `${target}.${randomBytes(6).toString('hex')}.tmp`;
    const handle = openSync(name, 'wx');
    temporary = name;
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(name, target);
    temporary = null;
    syncDirectory(dirname(target));
  } catch (error) {
    if (temporary !== null) rmSync(temporary, { force: true });
    throw new Refusal(`${file} cannot be written (${(error as Error).message}); choose another place.`);
  }
}

/** Makes the new name last. Windows has no such thing for directories. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const HeaderSchema = v.object({
  format: v.string(),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sha256: v.string(),
});

function parseHeader(line: Buffer): v.InferOutput<typeof HeaderSchema> | null {
  const parsed = v.safeParse(HeaderSchema, parseJson(line));
  return parsed.success ? parsed.output : null;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
