/**
 * Nothing that was saved is lost: a search saves, is harmed in one place, crashes, starts again, in any order. Each time
 * what is there must be what was saved, whichever file was damaged: one copy of everything is always whole.
 */

import { closeSync, existsSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/directory.ts';
import { crashed, expectSaved, type OpenVault, openVault, saving, searchedVault } from '../../support/vaults.ts';

/** Where: a share of the file. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const harm = fc.record({
  /** Which half: the store, or its second copy. Never both between two backups. */
  half: fc.constantFrom('store', 'copies'),
  file: fc.nat(20),
  how: fc.oneof(
    fc.record({ to: fc.constant('delete' as const) }),
    fc.record({ to: fc.constant('cut' as const), at: share }),
    fc.record({
      to: fc.constant('overwrite' as const),
      at: share,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    }),
    fc.record({ to: fc.constant('smear' as const), at: share }),
  ),
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('save' as const), times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('harm' as const), harm }) },
);

function overwrite(path: string, bytes: Uint8Array, at: number): void {
  const handle = openSync(path, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

function harmFile(
  directory: string,
  { half, file, how }: typeof harm extends fc.Arbitrary<infer H> ? H : never,
): string {
  const folder = half === 'store' ? directory : join(directory, 'backups');
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^(?:nice19|store|journal)/.test(name))
        .sort()
    : [];
  const name = names[file % names.length];
  if (name === undefined) return 'nothing';
  const path = join(folder, name);
  const { size } = statSync(path);
  // The process is killed by SIGBUS where a file that it has mapped ends too soon; its parent starts it again.
  if (how.to === 'cut' && name.endsWith('-shm')) return 'nothing';
  switch (how.to) {
    case 'delete':
      rmSync(path);
      break;
    case 'cut':
      truncateSync(path, Math.floor(how.at * size));
      break;
    case 'overwrite':
      overwrite(path, how.bytes, Math.floor(how.at * size));
      break;
    case 'smear':
      overwrite(path, new Uint8Array(5000).fill(0x5a), Math.floor(how.at * size));
  }
  return `${how.to} ${name.replace(/\d+/, '')}`;
}

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const harmed = (half: 'store' | 'copies', how: { to: 'delete' } | { to: 'smear' | 'cut'; at: number }): Step =>
  ({ type: 'harm', harm: { half, file: 0, how } }) as Step;

/** Harm that must be mended, whatever the random ones are. */
const EXAMPLES: [Step[]][] = [
  [[harmed('store', { to: 'delete' })]],
  [[harmed('store', { to: 'cut', at: 0.5 }), { type: 'crash' }]],
  [
    [
      { type: 'restart' },
      { type: 'save', times: 1 },
      harmed('copies', { to: 'smear', at: 0 }),
      harmed('store', { to: 'smear', at: 0 }),
      { type: 'restart' },
    ],
  ],
];

test('savings, harm, crashes and starts in any order lose nothing that was saved', async () => {
  const seen = new Map<string, number>();
  let mended = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      let opened: OpenVault = searchedVault(3, temporaryDirectory());
      const all = [opened];
      let k = 3;
      /** Which half is harmed since both were whole. */
      let harmed: 'store' | 'copies' | null = null;
      const save = (): void => {
        opened.vault.save(saving(k + 1));
        k++;
      };
      /** Both halves are whole again: what is read is mended, and what was mended is backed up. */
      const makeWhole = async (): Promise<void> => {
        save();
        expectSaved(opened, k);
        opened.vault.backUp();
        await opened.vault.backupMade();
        save();
        opened.vault.backUp();
        await opened.vault.backupMade();
        expectSaved(opened, k);
        harmed = null;
      };
      for (const one of steps) {
        switch (one.type) {
          case 'save':
            for (let times = 0; times < one.times; times++) save();
            break;
          case 'crash': {
            const copy = crashed(opened.directory);
            await opened.vault.close();
            opened = openVault(copy);
            all.push(opened);
            expectSaved(opened, k);
            break;
          }
          case 'restart':
            await opened.vault.close();
            opened = openVault(opened.directory);
            all.push(opened);
            expectSaved(opened, k);
            break;
          case 'harm': {
            if (harmed !== null && harmed !== one.harm.half) await makeWhole();
            harmed = one.harm.half;
            const what = harmFile(opened.directory, one.harm);
            seen.set(what, (seen.get(what) ?? 0) + 1);
          }
        }
      }
      // A damaged index of the log (-shm) may hide what was saved last, until the next saving notices.
      save();
      expectSaved(opened, k);
      await opened.vault.close();
      mended += all.flatMap(({ told }) => told).length;
    }),
    { numRuns: 12, examples: EXAMPLES },
  );
  // The examples alone see to that.
  expect(mended).toBeGreaterThanOrEqual(EXAMPLES.length);
  expect(seen.size).toBeGreaterThanOrEqual(EXAMPLES.length);
});
