/** Primes: all that were found, to be sorted, filtered and searched. What is chosen is in the address. */

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { LARGEST_DIGITS, SMALLEST_DIGITS } from '../../main/contract/search-spec.ts';
import { useModel } from '../model.ts';
import { Heading } from '../parts/heading.tsx';
import type { TableChoice } from '../route.ts';
import { PrimeTable } from '../table/prime-table.tsx';
import { plural } from '../words/numbers.ts';

/** Milliseconds after the last key before the store is asked. */
const TYPING = 200;

export function PrimesView({ choice }: { choice: TableChoice }) {
  const model = useModel();
  const total = useSignal<number | null>(null);
  const problem = useSignal<string | null>(null);
  const timer = useRef(0);
  const id = useId();
  useEffect(() => () => clearTimeout(timer.current), []);

  const latest = useRef(choice);
  latest.current = choice;
  const change = (next: Partial<TableChoice>): void =>
    model.replace({ view: 'primes', choice: { ...latest.current, ...next } });
  /** What was typed in one field or several, and is not asked for yet. */
  const typed = useRef<Partial<TableChoice>>({});
  const later = (next: Partial<TableChoice> | string): void => {
    problem.value = typeof next === 'string' ? next : null;
    if (typeof next === 'string') return;
    typed.current = { ...typed.current, ...next };
    clearTimeout(timer.current);
    timer.current = Number(
      setTimeout(() => {
        change(typed.current);
        typed.current = {};
      }, TYPING),
    );
  };
  const order = (by: TableChoice['order']): void =>
    change(by === choice.order ? { descending: !choice.descending } : { order: by, descending: true });

  const filtered = choice.typed !== '' || choice.digitsAtLeast !== null || choice.digitsAtMost !== null;
  return (
    <div class="primes">
      <Heading title="Primes">
        <p class="note" role="status">
          {total.value !== null && (
            <>
              {plural(total.value, choice.removed ? 'removed prime' : 'prime')}
              {filtered && ' match'}
              {filtered && total.value === 1 && 'es'}
            </>
          )}
        </p>
      </Heading>
      <search class="filters">
        <label>
          <span>Begins or ends with</span>
          <input
            type="search"
            inputMode="numeric"
            maxLength={80}
            autoComplete="off"
            spellcheck={false}
            defaultValue={choice.typed}
            aria-describedby={id}
            onInput={({ currentTarget: { value } }) => later(typedDigits(value))}
          />
        </label>
        <fieldset>
          <legend>Digits</legend>
          <input
            type="number"
            aria-label="Digits at least"
            placeholder="from"
            min={SMALLEST_DIGITS}
            max={LARGEST_DIGITS}
            defaultValue={choice.digitsAtLeast ?? ''}
            onInput={({ currentTarget: { value } }) => later(size(value, 'digitsAtLeast'))}
          />
          <input
            type="number"
            aria-label="Digits at most"
            placeholder="to"
            min={SMALLEST_DIGITS}
            max={LARGEST_DIGITS}
            defaultValue={choice.digitsAtMost ?? ''}
            onInput={({ currentTarget: { value } }) => later(size(value, 'digitsAtMost'))}
          />
        </fieldset>
        <label class="check">
          <input
            type="checkbox"
            checked={choice.removed}
            onChange={({ currentTarget }) => change({ removed: currentTarget.checked })}
          />
          <span>Only removed ones</span>
        </label>
        <p class="error" id={id} role="alert">
          {problem}
        </p>
      </search>
      {total.value === 0 && <p class="empty">{nothing(choice, filtered)}</p>}
      <PrimeTable
        choice={choice}
        onOrder={order}
        onTotal={(known) => {
          total.value = known;
        }}
      />
    </div>
  );
}

function nothing({ removed }: TableChoice, filtered: boolean): string {
  if (filtered) return 'No prime is like that.';
  return removed
    ? 'No prime was removed.'
    : 'No primes yet. The first one appears here as soon as it is found and saved.';
}

/** Digits as people write and paste them, with spaces, commas or line ends between. */
function typedDigits(text: string): Partial<TableChoice> | string {
  const typed = text.replace(/[\s,.'’_]/g, '');
  if (/^\d{0,64}$/.test(typed)) return { typed };
  return /^\d+$/.test(typed) ? 'The first or last 64 digits are enough.' : 'Only digits can be searched for.';
}

function size(text: string, bound: 'digitsAtLeast' | 'digitsAtMost'): Partial<TableChoice> | string {
  if (text === '') return { [bound]: null };
  const digits = Number(text);
  const fine = Number.isInteger(digits) && digits >= SMALLEST_DIGITS && digits <= LARGEST_DIGITS;
  return fine ? { [bound]: digits } : `Primes have from ${SMALLEST_DIGITS} to ${LARGEST_DIGITS} digits.`;
}
