import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckpointContent } from '../../../main/contract/checkpoint.ts';
import { Refusal } from '../../../main/cruncher/jobs/context.ts';
import { makeSpec, searchId } from '../../../main/cruncher/run/search-identity.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  readCheckpoint,
  writeDurably,
} from '../../../main/cruncher/store/checkpoint-file.ts';
import { arbitraryState, somePrime } from '../../support/arbitrary-search.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const spec = makeSpec(30, -40, 'ab'.repeat(32));
const [state] = fc.sample(arbitraryState, { numRuns: 1, seed: 3 });
const content: CheckpointContent = {
  writtenAt: '2026-01-02T03:04:05.678Z',
  program: 'nice19 0.1.0',
  host: 'hälsö',
  spec,
  state: state as CheckpointContent['state'],
  primes: [somePrime(searchId(spec), '10007'), somePrime(searchId(spec), '10009')],
};
const good = encodeCheckpoint(content);
const NAME = 'search.checkpoint';

/** The sentence with which something is refused. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

/** One sentence that names the file and ends. */
const SENTENCE = new RegExp(`^[^\\n]*${NAME}[^\\n]*\\.$`);
const decoding = (bytes: Buffer): string => refusal(() => decodeCheckpoint(bytes, NAME));

/** A file with a right digest over this content. */
function sealed(body: string, header: object = {}): Buffer {
  const bytes = Buffer.from(body);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const line = JSON.stringify({ format: 'nice19-checkpoint', version: 1, bytes: bytes.length, sha256, ...header });
  return Buffer.concat([Buffer.from(`${line}\n`), bytes, Buffer.from('\n')]);
}

test('any search comes back from its checkpoint', () => {
  fc.assert(
    fc.property(arbitraryState, fc.string({ maxLength: 100 }), (other, host) => {
      const whole = { ...content, state: other, host };
      expect(decodeCheckpoint(encodeCheckpoint(whole), NAME)).toEqual(whole);
    }),
  );
});

test('the file is two lines: what it is with the digest of the rest, and the rest', () => {
  const [header, body, end] = good.toString('utf8').split('\n') as [string, string, string];
  expect(end).toBe('');
  expect(JSON.parse(header)).toEqual({
    format: 'nice19-checkpoint',
    version: 1,
    bytes: Buffer.byteLength(body),
    sha256: createHash('sha256').update(body).digest('hex'),
  });
  expect(JSON.parse(body)).toEqual(content);
});

describe('refused, with one sentence that names the file:', () => {
  test('a byte changed anywhere', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(good);
        damaged[at] = (damaged[at] as number) ^ change;
        expect(decoding(damaged)).toMatch(SENTENCE);
      }),
      { numRuns: 2000 },
    );
  });

  test('any bit of the header line and of the end', () => {
    const header = good.indexOf(10);
    for (let at = 0; at < good.length; at = at === header ? good.length - 3 : at + 1) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(good);
        damaged[at] = (damaged[at] as number) ^ (1 << bit);
        expect(decoding(damaged), `byte ${at}, bit ${bit}`).toMatch(SENTENCE);
      }
    }
  });

  test('cut at any length', () => {
    for (let length = 0; length < good.length; length++) expect(decoding(good.subarray(0, length))).toMatch(SENTENCE);
    expect(decoding(good.subarray(0, good.length - 20))).toContain('cut short');
  });

  test('something behind its end', () => {
    for (const more of ['\n', ' ', 'x'.repeat(1000)]) {
      expect(decoding(Buffer.concat([good, Buffer.from(more)]))).toMatch(SENTENCE);
    }
  });

  test.each([
    ['nothing', ''],
    ['an empty line', '\n'],
    ['another program’s JSON', '{"format":"other","version":1,"bytes":2,"sha256":"x"}\n{}\n'],
    ['JSON without a header', JSON.stringify(content)],
    ['a list', '[]\n{}\n'],
    ['null', 'null\n{}\n'],
    ['a header that never ends', `{"format":"${'x'.repeat(100_000)}`],
    ['a long header', `{"format":"nice19-checkpoint",${' '.repeat(100_000)}"version":1,"bytes":0,"sha256":""}\n\n`],
    ['text', 'Dear diary,\ntoday I found a prime.\n'],
  ])('%s', (_, text) => {
    expect(decoding(Buffer.from(text))).toMatch(SENTENCE);
    expect(decoding(Buffer.from(text))).toContain('is not a nice19 checkpoint');
  });

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(decoding(Buffer.from(bytes))).toMatch(SENTENCE);
      }),
    );
  });

  test.each([2, 3, 1000])('version %i, which this program does not know', (version) => {
    const sentence = decoding(sealed(JSON.stringify({ entirely: 'different' }), { version }));
    expect(sentence).toMatch(SENTENCE);
    expect(sentence).toContain(`version ${version}`);
    expect(sentence).toContain('install a newer one');
  });

  test.each([0, -1, 1.5, '1', null])('version %j, which there never was', (version) => {
    expect(decoding(sealed(JSON.stringify(content), { version }))).toMatch(SENTENCE);
  });

  test.each([
    ['no JSON', 'hello'],
    ['a number', '7'],
    ['nothing', ''],
    ['a content without its search', JSON.stringify({ ...content, spec: undefined })],
    ['a field that nobody knows', JSON.stringify({ ...content, mood: 'good' })],
    ['digits out of range', JSON.stringify({ ...content, spec: { ...spec, digits: 1e9 } })],
    ['a scheme from the future', JSON.stringify({ ...content, spec: { ...spec, scheme: 2 } })],
    ['a find that is no number', JSON.stringify({ ...content, primes: [{ ...content.primes[0], decimal: '12a' }] })],
    [
      'a very long find that is no number',
      JSON.stringify({ ...content, primes: [{ ...content.primes[0], decimal: '0'.repeat(1e6) }] }),
    ],
  ])('a right digest over %s', (_, body) => {
    const sentence = decoding(sealed(body));
    expect(sentence).toMatch(SENTENCE);
    expect(sentence.length).toBeLessThan(500);
  });

  test('a file that is missing, a directory, one too large', () => {
    const directory = temporaryDirectory();
    const file = join(directory, NAME);
    expect(refusal(() => readCheckpoint(file))).toMatch(SENTENCE);
    writeFileSync(file, '');
    expect(refusal(() => readCheckpoint(file))).toMatch(SENTENCE);
    truncateSync(file, 2 ** 31);
    expect(refusal(() => readCheckpoint(file))).toMatch(/search.checkpoint is too large/);
    mkdirSync(join(directory, 'below', NAME), { recursive: true });
    expect(refusal(() => readCheckpoint(join(directory, 'below', NAME)))).toMatch(/is not a file/);
  });
});

describe('writing', () => {
  const place = () => join(temporaryDirectory(), NAME);
  const others = (file: string) => readdirSync(join(file, '..')).filter((name) => name !== NAME);

  test('replaces the file before it, and leaves nothing beside it', () => {
    const file = place();
    writeDurably(file, Buffer.from('old'));
    writeDurably(file, good);
    expect(readCheckpoint(file)).toEqual(content);
    expect(others(file)).toEqual([]);
  });

  test('through a symbolic link replaces what it points to', () => {
    const file = place();
    const link = join(file, '..', 'link');
    writeDurably(file, Buffer.from('old'));
    symlinkSync(file, link);
    writeDurably(link, good);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readCheckpoint(file)).toEqual(content);
  });

  test('that breaks off in the middle leaves the good file and nothing half-written', () => {
    const file = place();
    writeDurably(file, good);
    const writer = fileURLToPath(new URL('../../support/file-writer.ts', import.meta.url));
    // The limit is in blocks of 512 or 1024 bytes: the system writes that much of it, then says no.
    const limited = 'ulimit -f 64; exec "$@"';
    const { stdout } = spawnSync('sh', ['-c', limited, 'sh', process.execPath, writer, file, '1000000'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^refused: .*search\.checkpoint cannot be written \(EFBIG.*\.$/);
    expect(readCheckpoint(file)).toEqual(content);
    expect(others(file)).toEqual([]);
  });

  test('into a directory that is missing, or in place of one, is refused and changes nothing', () => {
    const file = place();
    const missing = join(file, '..', 'nowhere', NAME);
    expect(refusal(() => writeDurably(missing, good))).toMatch(SENTENCE);
    expect(existsSync(join(file, '..', 'nowhere'))).toBe(false);
    mkdirSync(file);
    writeFileSync(join(file, 'inside'), '');
    expect(refusal(() => writeDurably(file, good))).toMatch(SENTENCE);
    expect(readdirSync(file)).toEqual(['inside']);
    expect(others(file)).toEqual([]);
  });

  test('where nothing may be written is refused', () => {
    // Root may write into any directory but those of the kernel.
    const root = process.getuid?.() === 0 && existsSync('/proc/self');
    const directory = root ? '/proc/self' : temporaryDirectory();
    if (!root) chmodSync(directory, 0o555);
    expect(refusal(() => writeDurably(join(directory, NAME), good))).toMatch(SENTENCE);
  });

  test('does not put a file in the place of a device', () => {
    const device = process.platform === 'win32' ? '\\\\.\\nul' : '/dev/null';
    const sentence = refusal(() => writeDurably(device, good));
    expect(sentence).toContain('not a file');
    if (process.platform !== 'win32') expect(lstatSync(device).isCharacterDevice()).toBe(true);
  });
});
