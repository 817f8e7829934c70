// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot have rows that are not there, nor be a grid

/**
 * The table of primes: as many rows as there are, of which only those in sight exist. A grid in the sense of ARIA: it has
 * the focus itself, arrows, Page Up and Down, Home and End move the active row, Enter opens it.
 */

import { batch, effect, useComputed, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { PrimeSummary } from '../../main/contract/library.ts';
import { useModel } from '../model.ts';
import { hashOf, type TableChoice } from '../route.ts';
import { at, count, day, duration } from '../words/numbers.ts';
import { powerOfTwo } from '../words/sureness.ts';
import { Pages, type PagesEdges } from './pages.ts';
import { type Extent, nativeHeight, nativeOf, positionToSee, type Scrolled, scrolledTo } from './scroll.ts';

/** Rows made beyond those in sight, at each side; the rows change in steps of as many. */
const BEYOND = 8;
/** Milliseconds without scrolling after which the scroll bar is put where it belongs. */
const SETTLED = 150;

type Order = TableChoice['order'];
const COLUMNS: readonly { readonly name: string; readonly class: string; readonly order: Order | null }[] = [
  { name: 'Digits', class: 'size', order: 'digits' },
  { name: 'Prime', class: 'ends', order: null },
  { name: 'Found', class: 'found', order: 'found' },
  { name: 'CPU time', class: 'cpu', order: 'cpu' },
  { name: 'Error', class: 'error-bound', order: null },
  { name: 'Checked', class: 'verified', order: null },
];

interface Props {
  readonly choice: TableChoice;
  readonly onOrder: (order: Order) => void;
  /** How many match, when that is known. */
  readonly onTotal: (total: number) => void;
}

export function PrimeTable({ choice, onOrder, onTotal }: Props) {
  const model = useModel();
  const scroller = useRef<HTMLDivElement>(null);
  const address = hashOf({ view: 'primes', choice });
  const version = useSignal(0);
  const scrolled = useSignal<Scrolled>({ native: 0, position: 0 });
  const size = useSignal({ rowHeight: 36, viewport: 400 });
  const total = useSignal<number | null>(null);
  const active = useSignal(0);

  /** Primes that come in at the top move nothing away from somebody who looks further down. */
  const keepInSight = useRef((_inserted: number): void => {});

  const pages = useMemo(() => {
    const { order, descending, digitsAtLeast, digitsAtMost, typed, removed } = choice;
    const edges: PagesEdges = {
      ask: (offset, limit) =>
        model.bridge.ask('page', { order, descending, digitsAtLeast, digitsAtMost, typed, removed, offset, limit }),
      steady: () => performance.now(),
      after: (milliseconds, call) => setTimeout(call, milliseconds),
      onChange: (inserted) => {
        batch(() => {
          version.value++;
          if (inserted > 0) keepInSight.current(inserted);
        });
      },
    };
    return new Pages(edges, order === 'found' && descending);
  }, [address]);

  const extent = (): Extent => ({ rows: total.value ?? 0, ...size.value });
  const first = useComputed(() => {
    const row = Math.floor(scrolled.value.position / size.value.rowHeight);
    return Math.max(0, BEYOND * (Math.floor(row / BEYOND) - 1));
  });
  const made = useComputed(() => Math.ceil(size.value.viewport / size.value.rowHeight) + 3 * BEYOND);
  /** What a row's place among the rows and in the scrolled element differ by. */
  const shift = useComputed(() => scrolled.value.native - scrolled.value.position);

  useEffect(() => {
    const ends = [
      effect(() => {
        version.value;
        if (pages.total === null) return;
        total.value = pages.total;
        onTotal(pages.total);
      }),
      effect(() => {
        if (model.primesVersion.value > 0) pages.renew();
      }),
      effect(() => pages.want(first.value, first.value + made.value)),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [pages]);

  useLayoutEffect(() => {
    const element = scroller.current as HTMLDivElement;
    const measure = (): void => {
      const rowHeight = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row'));
      const head = element.querySelector('.head') as HTMLElement;
      size.value = { rowHeight, viewport: Math.max(rowHeight, element.clientHeight - head.offsetHeight) };
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const scrollTo = (position: number): void => {
    const native = nativeOf(position, extent());
    scrolled.value = { native, position };
    (scroller.current as HTMLDivElement).scrollTop = native;
  };

  keepInSight.current = (inserted) => {
    const { position } = scrolled.peek();
    if (active.peek() > 0) active.value += inserted;
    if (position === 0) return;
    total.value = pages.total;
    pendingPosition.current = (pendingPosition.current ?? position) + inserted * size.peek().rowHeight;
  };
  /** To be scrolled to as soon as the element is as high as that. */
  const pendingPosition = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (pendingPosition.current !== null) scrollTo(pendingPosition.current);
    pendingPosition.current = null;
  });

  // Back from a prime's page: where it was.
  const known = total.value !== null;
  useLayoutEffect(() => {
    if (!known) return;
    const before = model.scrolled.get(address);
    active.value = before?.active ?? 0;
    scrollTo(before?.position ?? 0);
    return () => {
      model.scrolled.set(address, { position: scrolled.peek().position, active: active.peek() });
    };
  }, [known, address]);

  const settling = useRef(0);
  useEffect(() => () => clearTimeout(settling.current), []);
  const onScroll = (): void => {
    const element = scroller.current as HTMLDivElement;
    scrolled.value = scrolledTo(element.scrollTop, scrolled.value, extent());
    clearTimeout(settling.current);
    settling.current = Number(
      setTimeout(() => {
        if (nativeOf(scrolled.value.position, extent()) !== scrolled.value.native) scrollTo(scrolled.value.position);
      }, SETTLED),
    );
  };

  const activate = (row: number): void => {
    const last = (total.value ?? 0) - 1;
    active.value = Math.max(0, Math.min(row, last));
    const position = positionToSee(active.value, scrolled.value.position, extent());
    if (position !== scrolled.value.position) scrollTo(position);
  };
  const open = (row: number): void => {
    const prime = pages.row(row);
    if (prime) model.go({ view: 'prime', number: prime.number });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(size.value.viewport / size.value.rowHeight) - 1);
    const moves: Partial<Record<string, number>> = {
      ArrowDown: active.value + 1,
      ArrowUp: active.value - 1,
      PageDown: active.value + page,
      PageUp: active.value - page,
      Home: 0,
      End: (total.value ?? 1) - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) activate(to);
    else if (event.key === 'Enter') open(active.value);
    else return;
    event.preventDefault();
  };

  version.value;
  const rows = total.value ?? 0;
  const from = Math.min(first.value, Math.max(0, rows - 1));
  const to = Math.min(rows, from + made.value);
  const inSight = active.value >= from && active.value < to;
  return (
    <div
      class="grid"
      role="grid"
      aria-label="Primes"
      aria-rowcount={rows + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={rows > 0 && inSight ? rowId(active.value) : undefined}
      aria-busy={total.value === null}
      tabIndex={0}
      ref={scroller}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div class="head row" role="row" aria-rowindex={1} tabIndex={-1}>
        {COLUMNS.map(({ name, class: column, order }) => (
          <div
            key={name}
            class={column}
            role="columnheader"
            tabIndex={-1}
            aria-sort={order === null ? undefined : order === choice.order ? direction(choice) : 'none'}
          >
            {order === null ? (
              name
            ) : (
              <button type="button" class="quiet" onClick={() => onOrder(order)}>
                {name}
              </button>
            )}
          </div>
        ))}
      </div>
      <div class="height" role="rowgroup" style={{ height: `${nativeHeight(extent())}px` }}>
        <div
          class="rows"
          role="presentation"
          style={{ transform: `translateY(${from * size.value.rowHeight + shift.value}px)` }}
        >
          {Array.from({ length: to - from }, (_, i) => {
            const index = from + i;
            return (
              <Row key={index} index={index} prime={pages.row(index)} active={index === active.value} open={open} />
            );
          })}
        </div>
      </div>
      {pages.problem !== null && <p class="error">{pages.problem}</p>}
    </div>
  );
}

const rowId = (index: number): string => `row-${index}`;
const direction = ({ descending }: TableChoice) => (descending ? 'descending' : 'ascending');

interface RowProps {
  readonly index: number;
  readonly prime: PrimeSummary | undefined;
  readonly active: boolean;
  readonly open: (index: number) => void;
}

function Row({ index, prime, active, open }: RowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    <div
      class={active ? 'row active' : 'row'}
      id={rowId(index)}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      aria-selected={active}
      onClick={() => open(index)}
    >
      {prime ? <Cells prime={prime} /> : <Cell class="ends">…</Cell>}
    </div>
  );
}

function Cells({ prime }: { prime: PrimeSummary }) {
  const { digits, first, last, foundAt, cpuSeconds, worstCaseLog2, verifiedAt } = prime;
  return (
    <>
      <Cell class="size">{count(digits)}</Cell>
      <Cell class="ends">
        {last === '' ? first : `${first}${digits > first.length + last.length ? '…' : ''}${last}`}
      </Cell>
      <Cell class="found">{at(foundAt)}</Cell>
      <Cell class="cpu">{duration(cpuSeconds)}</Cell>
      <Cell class="error-bound">{worstCaseLog2 === null ? 'certain' : powerOfTwo(worstCaseLog2)}</Cell>
      <Cell class="verified">
        {verifiedAt === null ? (
          '–'
        ) : (
          <>
            <span aria-hidden="true">✓</span>
            <span class="unseen">checked again on {day(verifiedAt)}</span>
          </>
        )}
      </Cell>
    </>
  );
}

function Cell({ class: column, children }: { class: string; children: ComponentChildren }) {
  return (
    <div class={column} role="gridcell" tabIndex={-1}>
      {children}
    </div>
  );
}
