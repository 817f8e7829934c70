/**
 * Numbers whose nature is known, for the whole way of a find: strong tests, Lucas test, check by another kernel. The
 * composites are those that a tired test would let pass.
 */

import { evaluateExpression } from '../expression/expression.ts';

export interface KnownNumber {
  readonly expression: string;
  readonly prime: boolean;
}

export const KNOWN_NUMBERS: readonly KnownNumber[] = [
  // Mersenne primes: Lucas 1876, Powers 1911 and 1914, Robinson 1952, Hurwitz 1961.
  { expression: '2^89-1', prime: true },
  { expression: '2^107-1', prime: true },
  { expression: '2^127-1', prime: true },
  { expression: '2^521-1', prime: true },
  { expression: '2^1279-1', prime: true },
  { expression: '2^2203-1', prime: true },
  { expression: '2^4423-1', prime: true },
  // A Proth prime (Robinson 1958), factorial and primorial primes, the least prime of 1000 digits: OEIS A002253, A002981,
  // A014545, A033873.
  { expression: '3*2^2816+1', prime: true },
  { expression: '154!+1', prime: true },
  { expression: '1019#+1', prime: true },
  { expression: '872!+1', prime: true },
  { expression: '10^999+7', prime: true },
  // Cole 1903: 193707721 times 761838257287. No factor of 2^1277 − 1 is known.
  { expression: '2^67-1', prime: false },
  { expression: '2^1277-1', prime: false },
  // Fermat numbers pass strong tests to base 2 and to every power of 2 (Cipolla 1904).
  { expression: '2^128+1', prime: false },
  { expression: '2^2048+1', prime: false },
  { expression: '2^4096+1', prime: false },
  // Products of two primes of one shape, a square, and a Carmichael number of Chernick's form (6m+1)(12m+1)(18m+1).
  { expression: '(2^521-1)*(2^607-1)', prime: false },
  { expression: '(2^1279-1)^2', prime: false },
  {
    expression:
      '(6*352509784181620206659829024731729371+1)*(12*352509784181620206659829024731729371+1)*(18*352509784181620206659829024731729371+1)',
    prime: false,
  },
];

/** @throws Error for an expression that does not evaluate */
export function knownValue({ expression }: KnownNumber): bigint {
  const evaluated = evaluateExpression(expression);
  if (!evaluated.ok) throw new Error(evaluated.problem);
  return evaluated.value;
}
