/** Disks that are full or cannot be written for a while: the search goes on and saves when it can again. */

import { closeSync, copyFileSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TortureFailure } from '../failure.ts';
import { failDisk, makeDisk, mountDisk, mountMemory, mountReadOnly, unmount } from '../mounts.ts';
import { pause } from '../processes.ts';
import type { Random } from '../random.ts';
import type { Subject } from '../subject.ts';
import type { Fault, Scene } from './fault.ts';
import { caught } from './moments.ts';

const MEGABYTE = 1 << 20;
const DISK = 16 * MEGABYTE;
/** Store, log, journal and a backup of the longest run come to 1.5 MB: it must be the fault that fills it. */
const SMALL_DISK = 4 * MEGABYTE;
const LONGEST_FAULT_MS = 3000;
/** Smaller primes are found so quickly that what was found meanwhile would not fit. */
const SIZES_FOR_SMALL_DISKS = [200, 400, 1000];
const KILLED_MEANWHILE = 0.3;

/** Writes until nothing more fits. */
function fill(file: string): void {
  const handle = openSync(file, 'a');
  try {
    for (const size of [1 << 16, 1 << 12, 1]) while (writes(handle, Buffer.alloc(size))) {}
  } finally {
    closeSync(handle);
  }
}

function writes(handle: number, bytes: Buffer): boolean {
  try {
    return writeSync(handle, bytes) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

/** While it lasts the search may also be killed, and started again as a user would, to be refused or to go on. */
async function whileItLasts(subject: Subject, random: Random): Promise<void> {
  const life = subject.life;
  if (life !== null && random.chance(KILLED_MEANWHILE)) {
    await pause((random.real() * LONGEST_FAULT_MS) / 4);
    subject.hit('killed meanwhile');
    await life.kill();
    const again = subject.start();
    if ((await again.next('started', 'done')) === null) refusalOf((await again.ended).errors);
  }
  await pause(random.real() * LONGEST_FAULT_MS);
}

/** @throws TortureFailure when it ended without a word that a user understands */
function refusalOf(errors: string): void {
  if (!/\.$/.test(errors) || /\n {4}at /.test(errors)) throw new TortureFailure(`it ended without a reason: ${errors}`);
}

async function savesAgain(subject: Subject): Promise<void> {
  const life = await subject.running();
  await life?.next('checkpoint', 'done');
}

function fullDisk(): Scene {
  let data = '';
  return {
    prepare(subject) {
      ({ data } = subject.options);
      mountMemory(data, SMALL_DISK);
    },
    async inject(subject, random) {
      if ((await caught(subject, random)) === null) return 0;
      subject.note('the disk is full');
      const filler = join(data, 'filler');
      fill(filler);
      try {
        await whileItLasts(subject, random);
      } finally {
        rmSync(filler);
      }
      subject.note('the disk has room again');
      await savesAgain(subject);
      return 1;
    },
    tidy: () => unmount(data),
  };
}

function readOnly(): Scene {
  let data = '';
  let image = '';
  return {
    prepare(subject) {
      ({ data } = subject.options);
      image = `${data}-0.ext4`;
      makeDisk(image, DISK);
      mountDisk(image, data);
    },
    async inject(subject, random) {
      if ((await caught(subject, random)) === null) return 0;
      subject.note('the file system becomes read-only');
      failDisk(data);
      try {
        await whileItLasts(subject, random);
      } finally {
        // What the disk has now, mounted anew: the old one stays as it is for whoever has files open on it.
        const next = `${data}-${Number(/(\d+)\.ext4$/.exec(image)?.[1]) + 1}.ext4`;
        copyFileSync(image, next);
        unmount(data);
        mountDisk(next, data);
        image = next;
      }
      subject.note('the file system can be written again');
      await savesAgain(subject);
      return 1;
    },
    tidy: () => unmount(data),
  };
}

function overMounted(): Scene {
  let data = '';
  return {
    async inject(subject, random) {
      ({ data } = subject.options);
      if ((await caught(subject, random)) === null) return 0;
      subject.note('no file can be opened for writing any more');
      mountReadOnly(data);
      try {
        await whileItLasts(subject, random);
      } finally {
        unmount(data);
      }
      subject.note('files can be written again');
      await savesAgain(subject);
      return 1;
    },
    tidy: () => unmount(data),
  };
}

const missing: Fault['missing'] = ({ root }) => (root ? null : 'needs root');

export const DISKS: readonly Fault[] = [
  {
    name: 'disk-full',
    idea: 'a disk of 4 MB is full for a while; the search may be killed meanwhile (root)',
    perRun: 6,
    digits: SIZES_FOR_SMALL_DISKS,
    missing,
    scene: fullDisk,
  },
  {
    name: 'read-only',
    idea: 'a disk of its own fails and becomes read-only, until it is mounted anew (root, ext4)',
    perRun: 6,
    missing: ({ root, ext4 }) => (root && ext4 ? null : 'needs root and mkfs.ext4'),
    scene: readOnly,
  },
  {
    name: 'read-only-mount',
    idea: 'a read-only mount comes over the directory for a while; open files stay writable (root)',
    perRun: 6,
    missing,
    scene: overMounted,
  },
];
