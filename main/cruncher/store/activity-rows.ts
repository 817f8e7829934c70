/**
 * What was done, as rows: one for each hour of a search, sealed. History is not worth a fault: a row that is damaged is
 * left out, and begun anew when its hour goes on.
 */

import type { StatementSync } from 'node:sqlite';
import * as v from 'valibot';
import { PauseReasonSchema } from '../../contract/pause.ts';
import { type Activity, sumOf } from '../run/activity.ts';
import { parseJson } from './parse-json.ts';
import { rowSeal, sameBytes } from './seal.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const ActivitySchema = v.object({
  hour: Count,
  cpuSeconds: Amount,
  wallSeconds: Amount,
  tested: Count,
  found: Count,
  expected: Amount,
  checkpoints: Count,
  paused: v.record(PauseReasonSchema, Amount),
});

const COLUMNS = `id, hour, cpu_seconds AS cpuSeconds, wall_seconds AS wallSeconds, tested, found, expected, checkpoints,
  paused, seal`;
const ROWS = `SELECT ${COLUMNS} FROM activity JOIN search ON key = search`;

export class ActivityRows {
  private readonly sql: (text: string) => StatementSync;

  /** @param sql prepares a statement of the database, perhaps from a cache */
  constructor(sql: (text: string) => StatementSync) {
    this.sql = sql;
  }

  /** Adds to what the search did in these hours. Inside a transaction of the caller's. */
  add(id: string, activities: readonly Activity[]): void {
    for (const activity of activities) {
      const before = toActivity(this.sql(`${ROWS} WHERE id = ? AND hour = ?`).get(id, activity.hour));
      const sum = before === null ? activity : sumOf(before, activity);
      const columns = columnsOf(sum);
      this.sql(
        `INSERT OR REPLACE INTO activity (search, hour, cpu_seconds, wall_seconds, tested, found, expected, checkpoints,
           paused, seal)
         SELECT key, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM search WHERE id = ?1`,
      ).run(id, ...columns, rowSeal([id, ...columns]));
    }
  }

  /** What was done from an hour to before another, of every search, in the order of the hours. */
  *between(from: number, to: number): Generator<Activity> {
    for (const row of this.sql(`${ROWS} WHERE hour >= ? AND hour < ? ORDER BY hour`).iterate(from, to)) {
      const activity = toActivity(row);
      if (activity !== null) yield activity;
    }
  }

  /** The hours of searches of a size, before an hour, the latest first. */
  *latest(digits: number, before: number): Generator<Activity> {
    const rows = this.sql(`${ROWS} WHERE spec ->> 'digits' = ? AND hour < ? ORDER BY hour DESC`);
    for (const row of rows.iterate(digits, before)) {
      const activity = toActivity(row);
      if (activity !== null) yield activity;
    }
  }

  /** The first hour in which anything was done; null: there is none before `before`. */
  firstHour(before: number): number | null {
    const row = this.sql('SELECT min(hour) AS hour FROM activity WHERE hour >= 0 AND hour < ?').get(before);
    return (row as { hour: number | null }).hour;
  }
}

type Columns = readonly [number, number, number, number, number, number, number, string];

function columnsOf(activity: Activity): Columns {
  const { hour, cpuSeconds, wallSeconds, tested, found, expected, checkpoints, paused } = activity;
  return [hour, cpuSeconds, wallSeconds, tested, found, expected, checkpoints, JSON.stringify(paused)];
}

function toActivity(row: unknown): Activity | null {
  if (row === undefined) return null;
  const { id, seal, ...columns } = row as Omit<Activity, 'paused'> & { id: string; seal: Uint8Array; paused: string };
  const { hour, cpuSeconds, wallSeconds, tested, found, expected, checkpoints, paused } = columns;
  const written = [id, hour, cpuSeconds, wallSeconds, tested, found, expected, checkpoints, paused];
  if (!sameBytes(rowSeal(written), seal)) return null;
  const parsed = v.safeParse(ActivitySchema, { ...columns, paused: parseJson(paused) }, { abortEarly: true });
  return parsed.success ? parsed.output : null;
}
