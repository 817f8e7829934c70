/** What happens to files: bits flip, bytes are lost, doubled or made up, pages change places, ends are cut off. */

import fc from 'fast-check';

/** Places are taken modulo what there is, so that every mutation fits every file. */
export type ByteMutation =
  | { readonly how: 'flip'; readonly at: number; readonly bit: number }
  | { readonly how: 'set'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly how: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly how: 'delete'; readonly at: number; readonly count: number }
  | { readonly how: 'duplicate'; readonly at: number; readonly count: number }
  | { readonly how: 'zero'; readonly at: number; readonly count: number }
  | { readonly how: 'cut'; readonly at: number }
  | { readonly how: 'swap'; readonly page: number; readonly other: number };

/** SQLite's, and most disks'. */
const PAGE = 4096;
const INTERESTING = [0, 1, 4, 13, 0x7f, 0x80, 0xfe, 0xff];

/** Headers are where most is decided. */
const at = fc.oneof(fc.nat(120), fc.nat(2 ** 30));
const count = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.constantFrom(512, 4096, 100_000));
const value = fc.oneof(fc.constantFrom(...INTERESTING), fc.nat(255));
const bytes = fc.array(value, { minLength: 1, maxLength: 9 }).map((values) => Uint8Array.from(values));

const mutation: fc.Arbitrary<ByteMutation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ how: fc.constant('flip' as const), at, bit: fc.nat(7) }) },
  { weight: 4, arbitrary: fc.record({ how: fc.constant('set' as const), at, bytes }) },
  fc.record({ how: fc.constant('insert' as const), at, bytes }),
  fc.record({ how: fc.constant('delete' as const), at, count }),
  fc.record({ how: fc.constant('duplicate' as const), at, count }),
  fc.record({ how: fc.constant('zero' as const), at, count }),
  fc.record({ how: fc.constant('cut' as const), at }),
  fc.record({ how: fc.constant('swap' as const), page: fc.nat(1000), other: fc.nat(1000) }),
);

export const byteMutations: fc.Arbitrary<ByteMutation[]> = fc.array(mutation, { minLength: 1, maxLength: 4 });

export function mutated(original: Buffer, mutations: readonly ByteMutation[]): Buffer {
  return mutations.reduce(mutatedOnce, original);
}

function mutatedOnce(file: Buffer, mutation: ByteMutation): Buffer {
  if (mutation.how === 'swap') return swapped(file, mutation.page, mutation.other);
  const at = mutation.at % (file.length + 1);
  const copy = Buffer.from(file);
  switch (mutation.how) {
    case 'flip':
      if (at < copy.length) copy[at] = (copy[at] as number) ^ (1 << mutation.bit);
      return copy;
    case 'set':
      copy.set(mutation.bytes.subarray(0, copy.length - at), at);
      return copy;
    case 'insert':
      return Buffer.concat([file.subarray(0, at), mutation.bytes, file.subarray(at)]);
    case 'delete':
      return Buffer.concat([file.subarray(0, at), file.subarray(at + mutation.count)]);
    case 'duplicate':
      return Buffer.concat([file.subarray(0, at + mutation.count), file.subarray(at)]);
    case 'zero':
      return copy.fill(0, at, Math.min(copy.length, at + mutation.count));
    case 'cut':
      return copy.subarray(0, at);
  }
}

function swapped(file: Buffer, page: number, other: number): Buffer {
  const pages = Math.floor(file.length / PAGE);
  if (pages === 0) return file;
  const [a, b] = [(page % pages) * PAGE, (other % pages) * PAGE];
  const copy = Buffer.from(file);
  file.copy(copy, a, b, b + PAGE);
  file.copy(copy, b, a, a + PAGE);
  return copy;
}
