/**
 * A disk under a file system that promises what POSIX does and nothing more: what was synced is there after a power
 * cut, of the rest anything may be. (The crash states of ALICE, Pillai et al., OSDI 2014, and of CrashMonkey, Mohan et
 * al., OSDI 2018, for the calls that SQLite and this program make.)
 *
 * - A file's unsynced writes and truncations reach it each or not at all, in any combination; a write that was under
 *   way is torn at a sector (512 bytes) or a page (4096).
 * - Its length may be there without its bytes: zeros.
 * - Names (create, mkdir, rename, unlink) are the directory's, and last when *it* is synced. Two kinds of file systems:
 *   `ordered`, as ext4, XFS and NTFS: names become durable in their order, and syncing any file takes along all names
 *   before it. `independent`: each name by itself, those of one name in their order; a rename may have made the new name
 *   and not yet taken the old one away, never the other way round.
 */

import { posix } from 'node:path';
import type { Operation, Recording } from './operations.ts';

export type Change =
  | { readonly do: 'write'; readonly at: number; readonly data: Buffer }
  | { readonly do: 'truncate'; readonly size: number };

export interface Inode {
  readonly number: number;
  /** What is on the disk for certain; null for a directory. */
  durable: Buffer | null;
  /** Not synced, in order. */
  pending: Change[];
}

export interface NameChange {
  readonly name: string;
  /** What the name stands for from now on; null: nothing. */
  readonly inode: Inode | null;
  /** A rename's other half: the old name goes only when the new one is there. */
  readonly needs: NameChange | null;
}

type Names = ReadonlyMap<string, Inode>;

export class Disk {
  /** Names as they are for running programs. */
  private names = new Map<string, Inode>();
  /** Names that are on the disk for certain, where each directory syncs its own. */
  private synced = new Map<string, Inode>();
  private unsynced: NameChange[] = [];
  /** How many of the unsynced changes of names any sync has taken along, where names are ordered. */
  private unorderedFrom: NameChange | null = null;
  private readonly gone = new Map<string, Inode>();
  private count = 0;

  constructor(before: Recording['before'] = new Map()) {
    for (const [name, data] of before) {
      for (let above = posix.dirname(name); above !== '.'; above = posix.dirname(above)) {
        if (!this.names.has(above)) this.names.set(above, this.inode(null));
      }
      this.names.set(name, this.inode(data));
    }
    this.synced = new Map(this.names);
  }

  /** @throws Error where the recording does not make sense: the model and the disk it came from differ */
  apply(operation: Operation): void {
    switch (operation.do) {
      case 'create':
        if (!this.names.has(operation.name)) this.rename(operation.name, this.inode(Buffer.alloc(0)));
        return;
      case 'mkdir':
        this.rename(operation.name, this.inode(null));
        return;
      case 'write':
        this.file(operation.name).pending.push({ do: 'write', at: operation.at, data: operation.data });
        return;
      case 'truncate':
        this.file(operation.name).pending.push({ do: 'truncate', size: operation.size });
        return;
      case 'copy': {
        const source = this.file(operation.from);
        const data = contentWith(source, source.pending).subarray(operation.fromAt, operation.fromAt + operation.size);
        this.file(operation.name).pending.push({ do: 'write', at: operation.at, data: Buffer.from(data) });
        return;
      }
      case 'rename': {
        const inode = this.find(operation.name);
        const made = this.rename(operation.to, inode);
        this.rename(operation.name, null, made);
        return;
      }
      case 'unlink':
        this.gone.set(operation.name, this.find(operation.name));
        this.rename(operation.name, null);
        return;
      case 'sync':
        this.sync(operation.name);
        return;
      case 'tell':
        return;
    }
  }

  /** Everything with unsynced changes, that a name leads to or may lead to. */
  get dirty(): Inode[] {
    const inodes = new Set([...this.names.values(), ...this.synced.values()]);
    for (const { inode } of this.unsynced) if (inode !== null) inodes.add(inode);
    return [...inodes].filter(({ pending }) => pending.length > 0);
  }

  /** Changes of names that may be lost; in order. */
  pendingNames(order: 'ordered' | 'independent'): NameChange[] {
    if (order === 'independent') return [...this.unsynced];
    const from = this.unorderedFrom === null ? 0 : this.unsynced.indexOf(this.unorderedFrom) + 1;
    return this.unsynced.slice(from);
  }

  /** The names after some of the unsynced changes. */
  namesWith(order: 'ordered' | 'independent', kept: ReadonlySet<NameChange>): Names {
    const lost = new Set(this.pendingNames(order).filter((change) => !kept.has(change)));
    const names = new Map(this.synced);
    for (const change of this.unsynced) {
      if (lost.has(change)) continue;
      if (change.inode === null) names.delete(change.name);
      else names.set(change.name, change.inode);
    }
    // A directory whose own name is lost takes what is in it along.
    const reached = (name: string): boolean => {
      const above = posix.dirname(name);
      return above === '.' || (names.get(above)?.durable === null && reached(above));
    };
    return new Map([...names].filter(([name]) => reached(name)));
  }

  /** All that was written, as programs see it without a power cut. */
  files(): Map<string, Buffer> {
    const files = [...this.names].filter(([, { durable }]) => durable !== null);
    return new Map(files.map(([name, inode]) => [name, contentWith(inode, inode.pending)]));
  }

  private inode(durable: Buffer | null): Inode {
    return { number: this.count++, durable, pending: [] };
  }

  private find(name: string): Inode {
    const inode = this.names.get(name) ?? this.gone.get(name);
    if (inode === undefined) throw new Error(`the recording works on ${name}, which it has not made`);
    return inode;
  }

  private file(name: string): Inode {
    const inode = this.find(name);
    if (inode.durable === null) throw new Error(`the recording writes to the directory ${name}`);
    return inode;
  }

  private rename(name: string, inode: Inode | null, needs: NameChange | null = null): NameChange {
    const change = { name, inode, needs };
    if (inode === null) this.names.delete(name);
    else this.names.set(name, inode);
    this.unsynced.push(change);
    return change;
  }

  private sync(name: string): void {
    this.unorderedFrom = this.unsynced.at(-1) ?? null;
    const isDirectory = name === '.' || this.find(name).durable === null;
    if (!isDirectory) {
      const inode = this.find(name);
      inode.durable = contentWith(inode, inode.pending);
      inode.pending = [];
      return;
    }
    const inIt = (change: NameChange) => posix.dirname(change.name) === name;
    for (const change of this.unsynced.filter(inIt)) {
      if (change.inode === null) this.synced.delete(change.name);
      else this.synced.set(change.name, change.inode);
    }
    this.unsynced = this.unsynced.filter((change) => !inIt(change));
    if (this.unorderedFrom !== null && !this.unsynced.includes(this.unorderedFrom)) {
      this.unorderedFrom = this.unsynced.at(-1) ?? null;
    }
  }
}

/** A file's bytes after some changes. */
export function contentWith(inode: Inode, changes: readonly Change[]): Buffer {
  let bytes = inode.durable ?? Buffer.alloc(0);
  let own = false;
  const resized = (size: number): Buffer => {
    const made = Buffer.alloc(size);
    bytes.copy(made);
    own = true;
    return made;
  };
  for (const change of changes) {
    if (change.do === 'truncate') bytes = resized(change.size);
    else if (change.data.length > 0) {
      const end = change.at + change.data.length;
      if (end > bytes.length) bytes = resized(end);
      else if (!own) bytes = resized(bytes.length);
      change.data.copy(bytes, change.at);
    }
  }
  return bytes;
}
