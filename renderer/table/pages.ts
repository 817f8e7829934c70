/**
 * The rows of the table that are known: pages of the store, asked for when they are looked at, a few at a time. While the
 * rows rush past only the last place wanted is asked for. Old rows are shown until new ones are there.
 */

import type { Result } from '../../main/contract/bridge.ts';
import type { Page, PrimeSummary } from '../../main/contract/library.ts';

export const ROWS_A_PAGE = 100;
/** Pages kept. */
const KEPT = 60;
/** Questions that wait for an answer at once. */
const AT_ONCE = 2;
/** Milliseconds between two questions at least: the host answers some fifty a second. */
const BETWEEN = 40;

export interface PagesEdges {
  ask(offset: number, limit: number): Promise<Result<Page>>;
  /** Milliseconds that only grow. */
  steady(): number;
  after(milliseconds: number, call: () => void): void;
  /** Something is known that was not. */
  onChange(): void;
}

interface KnownPage {
  readonly rows: readonly PrimeSummary[];
  fresh: boolean;
}

export class Pages {
  /** Primes that match; null: nobody knows yet. */
  total: number | null = null;
  /** Why the last question had no answer. */
  problem: string | null = null;
  private readonly edges: PagesEdges;
  private readonly known = new Map<number, KnownPage>();
  private readonly asked = new Set<number>();
  private wanted: { readonly from: number; readonly to: number } = { from: 0, to: 0 };
  private generation = 0;
  private lastAsked = Number.NEGATIVE_INFINITY;
  private waiting = false;

  constructor(edges: PagesEdges) {
    this.edges = edges;
  }

  row(index: number): PrimeSummary | undefined {
    return this.known.get(Math.floor(index / ROWS_A_PAGE))?.rows[index % ROWS_A_PAGE];
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
    for (const page of this.known.values()) page.fresh = false;
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
      if (!this.asked.has(page) && !this.known.get(page)?.fresh) return page;
    }
    return undefined;
  }

  private async ask(page: number, generation: number): Promise<void> {
    const result = await this.edges.ask(page * ROWS_A_PAGE, ROWS_A_PAGE);
    // The store has changed since: it is asked again already.
    if (generation !== this.generation) return;
    this.asked.delete(page);
    if (result.ok) {
      this.problem = null;
      this.total = result.value.total;
      this.known.delete(page);
      this.known.set(page, { rows: result.value.rows, fresh: true });
      for (const oldest of this.known.keys()) {
        if (this.known.size <= KEPT) break;
        this.known.delete(oldest);
      }
      this.askNext();
    } else {
      this.problem = result.sentence;
    }
    this.edges.onChange();
  }
}
