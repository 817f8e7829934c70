/** Which view the address names: everything behind `#`, so that the server serves one page and "back" works. */

import { NEWEST_FIRST, type PageQuery, PRIME_ORDERS } from '../main/contract/library.ts';

/** What the table of primes shows. */
export type TableChoice = Readonly<Omit<PageQuery, 'offset' | 'limit'>>;

export type Route =
  | { readonly view: 'now' | 'challenge' | 'history' }
  | { readonly view: 'settings'; readonly at: string | null }
  | { readonly view: 'primes'; readonly choice: TableChoice }
  | { readonly view: 'prime'; readonly number: number };

export const FIRST_CHOICE: TableChoice = NEWEST_FIRST;

/** @param hash as the browser has it, with its `#`; anything that names no view is Now */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const asked = new URLSearchParams(query);
  const [view, number] = path.split('/');
  switch (view) {
    case 'challenge':
    case 'history':
      return { view };
    case 'settings':
      return { view, at: asked.get('at') };
    case 'primes':
      if (number === undefined || number === '') return { view, choice: choiceOf(asked) };
      return /^[1-9]\d{0,14}$/.test(number) ? { view: 'prime', number: Number(number) } : { view: 'now' };
    default:
      return { view: 'now' };
  }
}

export function hashOf(route: Route): string {
  switch (route.view) {
    case 'now':
    case 'challenge':
    case 'history':
      return `#/${route.view}`;
    case 'settings':
      return route.at === null ? '#/settings' : `#/settings?at=${encodeURIComponent(route.at)}`;
    case 'prime':
      return `#/primes/${route.number}`;
    case 'primes': {
      const query = new URLSearchParams();
      const { order, descending, digitsAtLeast, digitsAtMost, typed, removed } = route.choice;
      if (order !== FIRST_CHOICE.order) query.set('order', order);
      if (!descending) query.set('ascending', '');
      if (digitsAtLeast !== null) query.set('from', String(digitsAtLeast));
      if (digitsAtMost !== null) query.set('to', String(digitsAtMost));
      if (typed !== '') query.set('typed', typed);
      if (removed) query.set('removed', '');
      const text = query.toString();
      return text === '' ? '#/primes' : `#/primes?${text}`;
    }
  }
}

function choiceOf(asked: URLSearchParams): TableChoice {
  return {
    order: PRIME_ORDERS.find((order) => order === asked.get('order')) ?? FIRST_CHOICE.order,
    descending: !asked.has('ascending'),
    digitsAtLeast: wholeNumber(asked.get('from')),
    digitsAtMost: wholeNumber(asked.get('to')),
    typed: /^\d{1,64}$/.exec(asked.get('typed') ?? '')?.[0] ?? '',
    removed: asked.has('removed'),
  };
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}
