/** The states that a power cut at one instant may leave: the plain ones always, and random mixtures. */

import { createHash } from 'node:crypto';
import type { Random } from '../random.ts';
import { type Change, contentWith, type Disk, type Inode, type NameChange } from './disk.ts';

export type Files = ReadonlyMap<string, Buffer>;

export interface CrashState {
  /** Every file, by its path. Directories that hold none are left out. */
  readonly files: Files;
  /** What was lost, in a few words. */
  readonly lost: string;
}

type Fate = 'none' | 'all' | 'some' | 'torn' | 'zeros';
type Order = 'ordered' | 'independent';

/** Sectors of disks, pages of memory. */
const TEARS = [512, 4096];

export function* crashStates(disk: Disk, random: Random, mixtures: number): Generator<CrashState> {
  const { dirty } = disk;
  const everyName = new Set(disk.pendingNames('independent'));
  const state = (lost: string, order: Order, kept: ReadonlySet<NameChange>, fate: (inode: Inode) => Fate) => {
    const fates = new Map(dirty.map((inode) => [inode, contentWith(inode, survivors(inode, fate(inode), random))]));
    const files = new Map<string, Buffer>();
    for (const [name, inode] of disk.namesWith(order, kept)) {
      if (inode.durable !== null) files.set(name, fates.get(inode) ?? inode.durable);
    }
    return { files, lost };
  };
  yield state('nothing', 'independent', everyName, () => 'all');
  if (dirty.length === 0 && everyName.size === 0) return;
  for (const order of ['ordered', 'independent'] as const) {
    yield state(`bytes and names (${order})`, order, new Set(), () => 'none');
    yield state(`names (${order})`, order, new Set(), () => 'all');
  }
  yield state('bytes', 'independent', everyName, () => 'none');
  yield state('bytes, lengths are there', 'independent', everyName, () => 'zeros');
  yield state('a part of the last write', 'independent', everyName, () => 'torn');
  for (let k = 0; k < mixtures; k++) {
    const order = random.pick(['ordered', 'independent'] as const);
    const kept = order === 'ordered' ? orderedNames(disk, random) : independentNames(disk, random);
    const fate = () => random.pick(['none', 'all', 'some', 'some', 'some', 'torn', 'zeros'] as const);
    yield state(`a mixture (names ${order})`, order, kept, fate);
  }
}

/** Same files, same bytes. */
export function digestOf(files: Files): string {
  const digest = createHash('sha1');
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    digest.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return digest.digest('hex');
}

/** The changes that reach the disk. */
function survivors({ pending, durable }: Inode, fate: Fate, random: Random): Change[] {
  switch (fate) {
    case 'none':
      return [];
    case 'all':
      return pending;
    case 'some': {
      const share = random.pick([0.2, 0.5, 0.8, 0.95]);
      return pending
        .filter(() => random.chance(share))
        .map((change) => (random.chance(0.2) ? torn(change, random) : change));
    }
    case 'torn': {
      const last = pending.at(-1);
      return last === undefined ? [] : [...pending.slice(0, -1), torn(last, random)];
    }
    case 'zeros': {
      const length = pending.reduce(
        (size, change) => (change.do === 'truncate' ? change.size : Math.max(size, change.at + change.data.length)),
        durable?.length ?? 0,
      );
      return [{ do: 'truncate', size: length }];
    }
  }
}

/** A write of which one side of a boundary came down. */
function torn(change: Change, random: Random): Change {
  if (change.do === 'truncate') return change;
  const { at, data } = change;
  const unit = random.pick(TEARS);
  const first = Math.floor(at / unit) + 1;
  const last = Math.ceil((at + data.length) / unit) - 1;
  if (last < first) return { ...change, data: Buffer.alloc(0) };
  const cut = unit * (first + random.below(last - first + 1)) - at;
  return random.chance(0.7)
    ? { do: 'write', at, data: data.subarray(0, cut) }
    : { do: 'write', at: at + cut, data: data.subarray(cut) };
}

function orderedNames(disk: Disk, random: Random): Set<NameChange> {
  const pending = disk.pendingNames('ordered');
  return new Set(pending.slice(0, random.below(pending.length + 1)));
}

/** Of each name's changes the first few; with the going of an old name the coming of its new one. */
function independentNames(disk: Disk, random: Random): Set<NameChange> {
  const pending = disk.pendingNames('independent');
  const kept = new Set<NameChange>();
  const keepTo = (change: NameChange): void => {
    for (const earlier of pending) {
      if (earlier.name === change.name && !kept.has(earlier)) {
        kept.add(earlier);
        if (earlier.needs !== null && pending.includes(earlier.needs)) keepTo(earlier.needs);
      }
      if (earlier === change) return;
    }
  };
  for (const name of new Set(pending.map((change) => change.name))) {
    const own = pending.filter((change) => change.name === name);
    const last = own[random.below(own.length + 1) - 1];
    if (last !== undefined) keepTo(last);
  }
  return kept;
}
