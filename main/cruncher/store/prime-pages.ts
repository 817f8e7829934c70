/**
 * Pages of the table of primes, quick wherever they are: which primes stand at places `offset` and on, in an order and
 * behind a filter. By order of finding and by digits a place is found in the counts of `stretch`; by CPU time an index is
 * walked from its nearer end; primes that begin or end with typed digits are found in two indexes, and their numbers kept
 * for the next page until the store changes.
 */

import type { StatementSync } from 'node:sqlite';
import type { PageQuery } from '../../contract/library.ts';
import { Damage } from './faults.ts';

/** Numbers of the primes on the page, in order, and how many match in all. */
export interface PageOfNumbers {
  readonly total: number;
  readonly numbers: readonly number[];
}

/** As version 3 of the store has it. */
const STRETCH = 1024;
/** Digits in the two indexes of what is typed. */
const INDEXED_DIGITS = 9;

/** Primes of one size that are shown, and the searches that they are of. */
export interface SizeGroup {
  readonly digits: number;
  readonly searches: readonly number[];
  readonly shown: number;
}

interface Kept {
  readonly query: string;
  readonly version: number;
  readonly numbers: readonly number[];
}

/** Searches as a JSON array of their keys: the first parameter. */
const OF_SEARCHES = 'search IN (SELECT value FROM json_each(?1))';

export class PrimePages {
  private readonly sql: (text: string) => StatementSync;
  private kept: Kept | null = null;

  /** @param sql prepares a statement of the database, perhaps from a cache */
  constructor(sql: (text: string) => StatementSync) {
    this.sql = sql;
  }

  page(query: PageQuery): PageOfNumbers {
    const { offset, limit, order, descending } = query;
    const groups = this.groups(query);
    if (query.removed || query.typed !== '') {
      const numbers = query.removed ? this.removed(query, groups) : this.typed(query, groups);
      const { length } = numbers;
      const page = descending
        ? numbers.slice(Math.max(0, length - offset - limit), Math.max(0, length - offset)).reverse()
        : numbers.slice(offset, offset + limit);
      return { total: length, numbers: page };
    }
    const total = groups.reduce((sum, { shown }) => sum + shown, 0);
    if (offset >= total) return { total, numbers: [] };
    const count = Math.min(limit, total - offset);
    // Places are counted from the least.
    const from = descending ? total - offset - count : offset;
    const numbers =
      order === 'cpu' ? this.byCpu(groups, from, count, total) : this.inGroups(order, groups, from, count);
    return { total, numbers: descending ? numbers.reverse() : numbers };
  }

  /** The sizes that there are, the least first, within what the query asks for. */
  groups({ digitsAtLeast: least, digitsAtMost: most }: Pick<PageQuery, 'digitsAtLeast' | 'digitsAtMost'>): SizeGroup[] {
    const rows = this.sql(
      `SELECT key, spec ->> 'digits' AS digits, coalesce((SELECT sum(shown) FROM stretch WHERE search = key), 0) AS shown
       FROM search`,
    ).all() as { key: number; digits: number; shown: number }[];
    const groups = new Map<number, { digits: number; searches: number[]; shown: number }>();
    for (const { key, digits, shown } of rows) {
      if ((least !== null && !(digits >= least)) || (most !== null && !(digits <= most))) continue;
      const group = groups.get(digits) ?? { digits, searches: [], shown: 0 };
      group.searches.push(key);
      group.shown += shown;
      groups.set(digits, group);
    }
    const sorted = [...groups.values()].sort((a, b) => a.digits - b.digits);
    // Counts have no seal. A page of nonsense is worse than a sentence.
    if (sorted.some(({ shown }) => !(Number.isSafeInteger(shown) && shown >= 0))) {
      throw new Damage('how many primes there are is not what was written');
    }
    return sorted;
  }

  /** Numbers of shown primes of some searches, in the order of finding. */
  byNumber(searches: readonly number[], from: number, count: number): number[] {
    const keys = JSON.stringify(searches);
    const numbers: number[] = [];
    let skip = from;
    const stretches = this.sql(
      `SELECT stretch, sum(shown) AS shown FROM stretch WHERE ${OF_SEARCHES} GROUP BY stretch ORDER BY stretch`,
    );
    for (const row of stretches.all(keys)) {
      const { stretch, shown } = row as { stretch: number; shown: number };
      if (skip >= shown) {
        skip -= shown;
        continue;
      }
      // The rows themselves, which are near each other: whether one is removed stands in its head.
      const found = this.sql(
        `SELECT number FROM prime NOT INDEXED WHERE number >= ?2 AND number < ?3 AND removed_at IS NULL AND ${OF_SEARCHES}
         ORDER BY number LIMIT ?4 OFFSET ?5`,
      ).all(keys, STRETCH * stretch, STRETCH * (stretch + 1), count - numbers.length, skip);
      skip = 0;
      for (const { number } of found as { number: number }[]) numbers.push(number);
      if (numbers.length >= count) break;
    }
    return numbers;
  }

  private inGroups(order: 'found' | 'digits', groups: readonly SizeGroup[], from: number, count: number): number[] {
    if (order === 'found') return this.byNumber(searchesOf(groups), from, count);
    const numbers: number[] = [];
    let skip = from;
    for (const { searches, shown } of groups) {
      if (skip < shown) {
        numbers.push(...this.byNumber(searches, skip, count - numbers.length));
        skip = 0;
        if (numbers.length >= count) break;
      } else skip -= shown;
    }
    return numbers;
  }

  private byCpu(groups: readonly SizeGroup[], from: number, count: number, total: number): number[] {
    const all = (this.sql('SELECT count(*) AS n FROM search').get() as { n: number }).n;
    const searches = searchesOf(groups);
    // One search is what most filters leave, and a comparison takes half the time of a look into a list.
    const [one] = searches.length === 1 ? searches : [];
    const filter = searches.length === all ? '?1 IS NOT NULL' : one === undefined ? OF_SEARCHES : '+search = ?1';
    const backwards = from > total / 2;
    const way = backwards ? 'DESC' : 'ASC';
    const rows = this.sql(
      `SELECT number FROM prime INDEXED BY prime_by_cpu WHERE removed_at IS NULL AND ${filter}
       ORDER BY cpu_seconds ${way}, search ${way}, number ${way} LIMIT ?2 OFFSET ?3`,
    ).all(one ?? JSON.stringify(searches), count, backwards ? total - from - count : from);
    const numbers = (rows as { number: number }[]).map(({ number }) => number);
    return backwards ? numbers.reverse() : numbers;
  }

  /** Few, or so it is hoped: all of them are put in order. */
  private removed({ order, typed }: PageQuery, groups: readonly SizeGroup[]): readonly number[] {
    const rows = this.sql(
      `SELECT json_group_array(number) AS numbers FROM (
         SELECT number FROM prime INDEXED BY prime_by_removal WHERE removed_at IS NOT NULL AND ${OF_SEARCHES}
           AND (substr(decimal, 1, ?2) = ?3 OR substr(decimal, -?2) = ?3) ORDER BY ${ORDERS[order]})`,
    ).get(JSON.stringify(searchesOf(groups)), typed.length, typed);
    return numbersIn(rows);
  }

  /** All that match, the least first. */
  private typed({ order, typed }: PageQuery, groups: readonly SizeGroup[]): readonly number[] {
    const searches = JSON.stringify(searchesOf(groups));
    const query = JSON.stringify([order, typed, searches]);
    const version = (this.sql('PRAGMA data_version').get() as { data_version: number }).data_version;
    if (this.kept?.query === query && this.kept.version === version) return this.kept.numbers;
    const matching = (column: string, index: string, whole: string) =>
      `SELECT number FROM prime INDEXED BY ${index} WHERE removed_at IS NULL AND ${column}
         AND ${OF_SEARCHES} AND (?2 <= ${INDEXED_DIGITS} OR ${whole} = ?3)`;
    const union = `${matching('first_nine BETWEEN ?4 AND ?5', 'prime_by_first', 'substr(decimal, 1, ?2)')}
       UNION ${matching('last_nine BETWEEN ?6 AND ?7', 'prime_by_last', 'substr(decimal, -?2)')}`;
    const ordered =
      order === 'found'
        ? `${union} ORDER BY 1`
        : `SELECT number FROM prime WHERE number IN (${union}) ORDER BY ${ORDERS[order]}`;
    const reversed = [...typed].reverse().join('');
    const row = this.sql(`SELECT json_group_array(number) AS numbers FROM (${ordered})`).get(
      searches,
      typed.length,
      typed,
      ...range(typed),
      ...range(reversed),
    );
    const numbers = numbersIn(row);
    this.kept = { query, version, numbers };
    return numbers;
  }
}

const ORDERS = {
  found: 'number',
  digits: "(SELECT spec ->> 'digits' FROM search WHERE key = prime.search), number",
  cpu: 'cpu_seconds, search, number',
} as const;

const searchesOf = (groups: readonly SizeGroup[]): number[] => groups.flatMap(({ searches }) => searches);

const numbersIn = (row: unknown): number[] => JSON.parse((row as { numbers: string }).numbers) as number[];

/** Numbers of nine digits that begin so. */
function range(typed: string): [number, number] {
  const begin = typed.slice(0, INDEXED_DIGITS);
  const spread = 10 ** (INDEXED_DIGITS - begin.length);
  return [Number(begin) * spread, (Number(begin) + 1) * spread - 1];
}
