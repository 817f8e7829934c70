/** The runs that are recorded. Small numbers: what is written matters, not what is computed. */

import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Scenario } from './record.ts';

const OLD_STORE = new URL('../../data/stores/version-1.sqlite', import.meta.url);

/** A store of version 1 with one search: of 40 digits, with 30 primes. */
function oldStore(): Buffer {
  const place = mkdtempSync(join(tmpdir(), 'nice19-power-'));
  try {
    const file = join(place, 'store');
    copyFileSync(OLD_STORE, file);
    const database = new DatabaseSync(file);
    database.exec(`DELETE FROM prime WHERE digits > 40; DELETE FROM survivors;
      DELETE FROM search WHERE spec ->> 'digits' > 40; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)`);
    database.close();
    return readFileSync(file);
  } finally {
    rmSync(place, { recursive: true });
  }
}

const OLD_SEARCH = ['--digits', '40', '--seed', '12'.repeat(32)];

const small = ['--digits', '24', '--seed', '7', '--workers', '1', '--checkpoint-every', '0.05'];

/** The long form. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a first search; gone on with, a backup, the cruncher killed; gone on with',
    store: null,
    starts: [
      { search: [...small, '--count', '12'] },
      { search: [...small, '--count', '30'], killAfter: 6 },
      { search: [...small, '--count', '36'] },
    ],
  },
  {
    name: 'a store of version 1 is brought up to date',
    store: oldStore,
    starts: [
      { search: [...OLD_SEARCH, '--workers', '2', '--checkpoint-every', '0.05', '--count', '36'] },
      { search: [...OLD_SEARCH, '--workers', '2', '--count', '40'] },
    ],
  },
  {
    name: 'so many savings that the log is written back',
    store: null,
    starts: [{ search: [...small, '--count', '3600'] }],
  },
];

/** What the tests replay, recorded with `npm run torture:power-cut -- --record`: strace is not everywhere. */
export const RECORDED: readonly { readonly scenario: Scenario; readonly file: URL }[] = [
  {
    scenario: {
      name: 'a first search, gone on with',
      store: null,
      starts: [{ search: [...small, '--count', '5'] }, { search: [...small, '--count', '9'] }],
    },
    file: new URL('../../data/power-cut-search.br', import.meta.url),
  },
  {
    scenario: {
      name: 'a store of version 1 is brought up to date',
      store: oldStore,
      starts: [{ search: [...OLD_SEARCH, '--workers', '1', '--count', '32'] }],
    },
    file: new URL('../../data/power-cut-upgrade.br', import.meta.url),
  },
];
