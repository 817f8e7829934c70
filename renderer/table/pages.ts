/**
 * The rows of the table that are known: pages of the store, asked for when they are looked at, a few at a time. While the
 * rows rush past only the last place wanted is asked for. Old rows are shown until new ones are there; where new ones come
 * in at the top, the old ones move down by as many.
 */

import type { Result } from '../../main/contract/bridge.ts';
import type { Page, PrimeSummary } from '../../main/contract/library.ts';

export const ROWS_A_PAGE = 100;
/** Rows kept; then those far from what is looked at go. */
const KEPT = 6000;
const NEAR = 1500;
/** Questions that wait for an answer at once. */
const AT_ONCE = 2;
/** Milliseconds between two questions at least: the host answers some fifty a second. */
const BETWEEN = 40;

export interface PagesEdges {
  ask(offset: number, limit: number): Promise<Result<Page>>;
  /** Milliseconds that only grow. */
  steady(): number;
  after(milliseconds: number, call: () => void): void;
  /** Something is known that was not. @param inserted rows that came in at the top */
  onChange(inserted: number): void;
}

export class Pages {
  /** Primes that match; null: nobody knows yet. */
  total: number | null = null;
  /** Why the last question had no answer. */
  problem: string | null = null;
  private readonly edges: PagesEdges;
  private readonly insertsAtTop: boolean;
  private rows = new Map<number, PrimeSummary>();
  /** Pages that are as the store has them. */
  private readonly fresh = new Set<number>();
  private readonly asked = new Set<number>();
  private wanted: { readonly from: number; readonly to: number } = { from: 0, to: 0 };
  private generation = 0;
  private lastAsked = Number.NEGATIVE_INFINITY;
  private waiting = false;

  /** @param insertsAtTop in this order new primes come first */
  constructor(edges: PagesEdges, insertsAtTop: boolean) {
    this.edges = edges;
    this.insertsAtTop = insertsAtTop;
  }

  row(index: number): PrimeSummary | undefined {
    return this.rows.get(index);
  }

  /** These rows are looked at, the last not among them. */
  want(from: number, to: number): void {
    this.wanted = { from, to };
    this.askNext();
  }

  /** The store is another than before. */
  renew(): void {
    this.generation++;
    this.asked.clear();
    this.fresh.clear();
    this.askNext();
  }

  private askNext(): void {
    const next = this.nextPage();
    if (next === undefined || this.asked.size >= AT_ONCE || this.waiting) return;
    const rest = this.lastAsked + BETWEEN - this.edges.steady();
    if (rest > 0) {
      this.waiting = true;
      this.edges.after(rest, () => {
        this.waiting = false;
        this.askNext();
      });
      return;
    }
    this.lastAsked = this.edges.steady();
    this.asked.add(next);
    void this.ask(next, this.generation);
    this.askNext();
  }

  private nextPage(): number | undefined {
    const { from, to } = this.wanted;
    const end = Math.min(to, this.total ?? 1);
    for (let page = Math.floor(from / ROWS_A_PAGE); page * ROWS_A_PAGE < Math.max(end, 1); page++) {
      if (!this.asked.has(page) && !this.fresh.has(page)) return page;
    }
    return undefined;
  }

  private async ask(page: number, generation: number): Promise<void> {
    const result = await this.edges.ask(page * ROWS_A_PAGE, ROWS_A_PAGE);
    // The store has changed since: it is asked again already.
    if (generation !== this.generation) return;
    this.asked.delete(page);
    this.problem = result.ok ? null : result.sentence;
    const inserted = result.ok ? this.take(page, result.value) : 0;
    this.edges.onChange(inserted);
    if (result.ok) this.askNext();
  }

  private take(page: number, { total, rows }: Page): number {
    const inserted = this.insertsAtTop && this.total !== null ? Math.max(0, total - this.total) : 0;
    if (inserted > 0) {
      this.rows = new Map([...this.rows].map(([index, row]) => [index + inserted, row]));
      // Pages that were right before this one came are so no more.
      this.fresh.clear();
    }
    this.total = total;
    for (let i = 0; i < ROWS_A_PAGE; i++) {
      const row = rows[i];
      if (row) this.rows.set(page * ROWS_A_PAGE + i, row);
      else this.rows.delete(page * ROWS_A_PAGE + i);
    }
    this.fresh.add(page);
    if (this.rows.size > KEPT) this.forgetFarRows();
    return inserted;
  }

  private forgetFarRows(): void {
    const { from, to } = this.wanted;
    for (const index of this.rows.keys()) {
      if (index >= from - NEAR && index < to + NEAR) continue;
      this.rows.delete(index);
      this.fresh.delete(Math.floor(index / ROWS_A_PAGE));
    }
  }
}
