/**
 * Reads what strace wrote (`strace -f -y -xx -s …`) and takes from it what was asked of one directory and what was
 * told on standard output. A call counts from when it returned; one that failed, or never returned, did nothing.
 */

import { posix } from 'node:path';
import type { Operation } from './operations.ts';

/** What is traced. The question mark: not every architecture has it. */
export const TRACED = [
  'openat,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,lseek',
  '?open,?creat,?truncate,?rename,renameat,renameat2,?unlink,unlinkat,?mkdir,mkdirat,?rmdir',
  '?link,linkat,?symlink,symlinkat,copy_file_range,sendfile,fallocate,sync_file_range',
].join(',');

interface Call {
  readonly name: string;
  /** As strace shows them, split at the commas between arguments. */
  readonly parameters: readonly string[];
  readonly result: string;
}

/**
 * @param text all that strace wrote
 * @param root the directory above the data directory, as strace shows it
 * @param before the files that exist at the beginning
 * @throws Error at a call on the directory that the model does not know
 */
export function operationsOf(text: string, root: string, before: ReadonlyMap<string, Buffer>): Operation[] {
  const reader = new Reader(root, before);
  for (const call of callsOf(text)) reader.read(call);
  return reader.operations;
}

/** The calls in the order in which they returned. */
function* callsOf(text: string): Generator<Call> {
  const unfinished = new Map<string, string>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    const thread = line.slice(0, space);
    let rest = line.slice(space).trimStart();
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, rest.slice(0, -'<unfinished ...>'.length).trimEnd());
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>/.exec(rest);
    if (resumed !== null) {
      rest = `${unfinished.get(thread) ?? ''}${rest.slice(resumed[0].length)}`;
      unfinished.delete(thread);
    }
    const name = /^(\w+)\(/.exec(rest)?.[1];
    const [, before, result] = /^(.*)\) += (.*)$/.exec(rest) ?? [];
    if (name === undefined || before === undefined || result === undefined) continue;
    yield { name, parameters: split(before.slice(name.length + 1)), result };
  }
}

/** Arguments hold no commas of their own but in strings' places: with -xx all strings are hexadecimal. */
const split = (parameters: string): string[] => parameters.split(',').map((one) => one.trim());

const bytesOf = (text: string): Buffer => {
  const string = /^"((?:\\x[0-9a-f]{2})*)"$/.exec(text)?.[1];
  if (string === undefined) throw new Error(`expected a whole string in hexadecimal, got ${text.slice(0, 80)}`);
  return Buffer.from(string.replaceAll('\\x', ''), 'hex');
};

class Reader {
  readonly operations: Operation[] = [];
  private readonly root: string;
  private readonly there: Set<string>;
  /** Where the next plain write goes, for a descriptor and its file; null: to the end. */
  private readonly offsets = new Map<string, number | null>();
  private readonly lengths = new Map<string, number>();
  private line = '';

  constructor(root: string, before: ReadonlyMap<string, Buffer>) {
    this.root = root;
    this.there = new Set(before.keys());
    for (const [name, { length }] of before) this.lengths.set(name, length);
  }

  read({ name, parameters, result }: Call): void {
    if (result.startsWith('-1 ') || result.startsWith('?')) return;
    const [first = '', second = '', third = '', fourth = ''] = parameters;
    switch (name) {
      case 'write':
        if (/^1</.test(first)) this.tell(bytesOf(second));
        else this.write(first, bytesOf(second).subarray(0, Number.parseInt(result, 10)), null);
        return;
      case 'pwrite64':
        this.write(first, bytesOf(second).subarray(0, Number.parseInt(result, 10)), Number(fourth));
        return;
      case 'lseek': {
        const file = this.fileOf(first);
        if (file !== null) this.offsets.set(`${first} ${file}`, Number.parseInt(result, 10));
        return;
      }
      case 'ftruncate':
        this.on(this.fileOf(first), (file) => {
          this.lengths.set(file, Number(second));
          return { do: 'truncate', name: file, size: Number(second) };
        });
        return;
      case 'fsync':
      case 'fdatasync':
        this.on(this.fileOf(first), (file) => ({ do: 'sync', name: file }));
        return;
      case 'openat':
        this.open(this.pathOf(first, second), third, result);
        return;
      case 'open':
        this.open(this.pathOf('', first), second, result);
        return;
      case 'mkdir':
        this.make(this.pathOf('', first), 'mkdir');
        return;
      case 'mkdirat':
        this.make(this.pathOf(first, second), 'mkdir');
        return;
      case 'unlink':
        this.unlink(this.pathOf('', first));
        return;
      case 'unlinkat':
        this.unlink(this.pathOf(first, second));
        return;
      case 'rename':
        this.rename(this.pathOf('', first), this.pathOf('', second));
        return;
      case 'renameat':
      case 'renameat2':
        this.rename(this.pathOf(first, second), this.pathOf(third, fourth));
        return;
      case 'copy_file_range':
        this.copy(first, second, third, fourth, Number.parseInt(result, 10));
        return;
      case 'sendfile':
        this.copy(second, third, first, 'NULL', Number.parseInt(result, 10));
        return;
      default:
        if (this.mentions(parameters)) throw new Error(`the model does not know ${name}, which the run has used`);
    }
  }

  private tell(bytes: Buffer): void {
    const lines = `${this.line}${bytes.toString()}`.split('\n');
    this.line = lines.pop() as string;
    for (const line of lines) this.operations.push({ do: 'tell', line });
  }

  private write(descriptor: string, data: Buffer, at: number | null): void {
    const name = this.fileOf(descriptor);
    this.on(name, (file) => {
      const key = `${descriptor} ${file}`;
      const length = this.lengths.get(file) ?? 0;
      const place = at ?? this.offsets.get(key) ?? length;
      if (at === null && this.offsets.get(key) !== null) this.offsets.set(key, place + data.length);
      this.lengths.set(file, Math.max(length, place + data.length));
      return { do: 'write', name: file, at: place, data };
    });
  }

  /** Offsets are `[n]`, or NULL: where the descriptor stands. */
  private copy(source: string, sourceOffset: string, target: string, targetOffset: string, size: number): void {
    const from = this.fileOf(source);
    const name = this.fileOf(target);
    if (name === null || size === 0) return;
    if (from === null) throw new Error(`the run has copied from outside to ${name}`);
    const place = (descriptor: string, file: string, offset: string): number => {
      const given = /\[(\d+)/.exec(offset)?.[1];
      if (given !== undefined) return Number(given);
      const key = `${descriptor} ${file}`;
      const at = this.offsets.get(key) ?? 0;
      this.offsets.set(key, at + size);
      return at;
    };
    const fromAt = place(source, from, sourceOffset);
    const at = place(target, name, targetOffset);
    this.lengths.set(name, Math.max(this.lengths.get(name) ?? 0, at + size));
    this.operations.push({ do: 'copy', name, at, from, fromAt, size });
  }

  private open(name: string | null, flags: string, result: string): void {
    if (name === null || !/O_WRONLY|O_RDWR/.test(flags)) return;
    if (flags.includes('O_CREAT') && !this.there.has(name)) this.make(name, 'create');
    if (flags.includes('O_TRUNC')) {
      this.lengths.set(name, 0);
      this.operations.push({ do: 'truncate', name, size: 0 });
    }
    this.offsets.set(`${result.split(' ')[0]} ${name}`, flags.includes('O_APPEND') ? null : 0);
  }

  private make(name: string | null, how: 'create' | 'mkdir'): void {
    this.on(name, (file) => {
      this.there.add(file);
      this.lengths.set(file, 0);
      return { do: how, name: file };
    });
  }

  private unlink(name: string | null): void {
    this.on(name, (file) => {
      this.there.delete(file);
      return { do: 'unlink', name: file };
    });
  }

  private rename(from: string | null, to: string | null): void {
    if (from === null && to === null) return;
    if (from === null || to === null) throw new Error(`the run has moved ${from ?? to} over the directory's border`);
    this.there.delete(from);
    this.there.add(to);
    this.lengths.set(to, this.lengths.get(from) ?? 0);
    this.operations.push({ do: 'rename', name: from, to });
  }

  private on(name: string | null, operation: (name: string) => Operation): void {
    if (name !== null) this.operations.push(operation(name));
  }

  /** The name below the root of `5<path>`, also of `5<path>(deleted)`; null for anything else. */
  private fileOf(descriptor: string): string | null {
    const shown = /^\d+<([^>]*)>/.exec(descriptor)?.[1];
    return shown === undefined ? null : this.inside(unescaped(shown).replace(/ \(deleted\)$/, ''));
  }

  private pathOf(directory: string, path: string): string | null {
    const base = /<([^>]*)>/.exec(directory)?.[1] ?? '';
    return this.inside(posix.resolve(unescaped(base) || '/', bytesOf(path).toString()));
  }

  private inside(path: string): string | null {
    const name = posix.relative(this.root, path) || '.';
    // The shared-memory index: SQLite makes it anew after a crash and never reads what it finds.
    return name.startsWith('..') || name.endsWith('-shm') ? null : name;
  }

  private mentions(parameters: readonly string[]): boolean {
    return parameters.some((one) => unescaped(one).includes(`${this.root}/`));
  }
}

const unescaped = (text: string): string =>
  text.replace(/(?:\\x[0-9a-f]{2})+/g, (hex) => Buffer.from(hex.replaceAll('\\x', ''), 'hex').toString());
