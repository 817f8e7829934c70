/**
 * The step to version 3 of the store: primes can be put out of sight, what was done is kept by the hour, and a page of a
 * million primes is quick wherever it is. A released step: it is never edited.
 *
 * Measured with a million primes of 1,000 digits: the three indexes take 18, 14 and 14 bytes a prime, 3.3 % of the store;
 * without them sorting by CPU time and looking for digits read all of its 1.3 GB. Places in the order of finding need no
 * index: they are counted by stretches of numbers, which takes next to nothing.
 */

import type { DatabaseSync } from 'node:sqlite';

export function toVersion3(database: DatabaseSync): void {
  database.exec(`
  -- When it was put out of sight, ISO 8601; NULL: it is shown. Outside of the seal: what is lost of it is shown again.
  ALTER TABLE prime ADD COLUMN removed_at TEXT;
  -- The first nine digits; the last nine, the last of them first: what is typed is a range of one or the other.
  ALTER TABLE prime ADD COLUMN first_nine INTEGER
    GENERATED ALWAYS AS (CAST(substr(decimal, 1, 9) AS INTEGER)) VIRTUAL;
  ALTER TABLE prime ADD COLUMN last_nine INTEGER GENERATED ALWAYS AS (CAST(
    substr(decimal, -1, 1) || substr(decimal, -2, 1) || substr(decimal, -3, 1) || substr(decimal, -4, 1) ||
    substr(decimal, -5, 1) || substr(decimal, -6, 1) || substr(decimal, -7, 1) || substr(decimal, -8, 1) ||
    substr(decimal, -9, 1) AS INTEGER)) VIRTUAL;
  CREATE INDEX prime_by_cpu ON prime (cpu_seconds, search) WHERE removed_at IS NULL;
  CREATE INDEX prime_by_first ON prime (first_nine, search) WHERE removed_at IS NULL;
  CREATE INDEX prime_by_last ON prime (last_nine, search) WHERE removed_at IS NULL;
  CREATE INDEX prime_by_removal ON prime (removed_at) WHERE removed_at IS NOT NULL;
  -- How many of the 1024 primes whose numbers begin at 1024·stretch are of a search, and shown: kept up by triggers.
  CREATE TABLE stretch (
    search INTEGER NOT NULL,
    stretch INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    PRIMARY KEY (search, stretch)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO stretch SELECT search, number >> 10, count(*) FROM prime GROUP BY 1, 2;
  CREATE TRIGGER prime_shown AFTER INSERT ON prime WHEN new.removed_at IS NULL
    BEGIN INSERT INTO stretch VALUES (new.search, new.number >> 10, 1)
      ON CONFLICT (search, stretch) DO UPDATE SET shown = shown + 1; END;
  CREATE TRIGGER prime_gone AFTER DELETE ON prime WHEN old.removed_at IS NULL
    BEGIN UPDATE stretch SET shown = shown - 1 WHERE search = old.search AND stretch = old.number >> 10; END;
  CREATE TRIGGER prime_hidden AFTER UPDATE OF removed_at ON prime WHEN (old.removed_at IS NULL) <> (new.removed_at IS NULL)
    BEGIN UPDATE stretch SET shown = shown + iif(new.removed_at IS NULL, 1, -1)
      WHERE search = new.search AND stretch = new.number >> 10; END;
  -- What a search did in an hour: the hour's number since 1970, UTC.
  CREATE TABLE activity (
    search INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    cpu_seconds REAL NOT NULL,
    wall_seconds REAL NOT NULL,
    tested INTEGER NOT NULL,
    found INTEGER NOT NULL,
    -- Finds that what was searched brings on average.
    expected REAL NOT NULL,
    checkpoints INTEGER NOT NULL,
    -- Seconds by the reason of the pause, as JSON.
    paused TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (search, hour)
  ) STRICT, WITHOUT ROWID;`);
}
