/** The parser of numbers, with the limits of `nice19 test`: the text may come from anywhere. */

import fc from 'fast-check';
import { evaluateExpression } from '../../../main/search/expression/expression.ts';
import { readTable } from '../../data/read.ts';
import { refused, TAKEN, type Target } from '../target.ts';

/** Of main/cruncher/jobs/test-number.ts. */
const DIGITS = 100_001;

const EXAMPLES = [
  '10^999+7',
  '3*2^2816+1',
  '37#+1',
  '77!+1',
  '0xff',
  '1 000_007',
  '(2^61+1)/3',
  '-(3-5)*--4',
  '2**3**2',
];
const PIECES = [
  ...[
    '+',
    '-',
    '*',
    '/',
    '^',
    '**',
    '!',
    '#',
    '!!',
    '(',
    ')',
    '((',
    '))',
    ' ',
    '_',
    '\n',
    '\t',
    '.',
    ',',
    '0x',
    '0X',
    'e',
  ],
  ...['0', '1', '2', '9', '10', '99', '100', '255', '999999', '2147483647', '4294967296', '9007199254740993', '1e9'],
  ...['9^9', '10^99999', '10^100000', '25205!', '25206!', '(10^5)!', '99999#', '222222#', '0^0', '1/0', '(-1)'],
  ...['×', '·', '−', '÷', '٣', '３', '²', '½', '∞', '\u0000', '\u00a0', '\ufeff', '💥', '\ud800', 'NaN', 'a', 'f'],
];

const numeral = fc.oneof(
  fc.nat(99).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 60n }).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 60n }).map((n) => `0x${n.toString(16)}`),
  fc.constantFrom('10', '2', '3', '65537', '100000', '333333'),
);

/** Well-formed, of any size and depth. */
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    numeral,
    fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/', '^', '**'), tie('tree')).map((parts) => parts.join('')),
    tie('tree').map((inner) => `(${inner})`),
    tie('tree').map((inner) => `-${inner}`),
    fc.tuple(tie('tree'), fc.constantFrom('!', '#')).map((parts) => parts.join('')),
  ),
}));

const repeated = fc
  .tuple(fc.constantFrom(...PIECES, ...EXAMPLES), fc.constantFrom(2, 50, 200, 5000, 100_000))
  .map(([piece, times]) => piece.repeat(times));

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((some) => some.join(''));

export async function numbersTarget(): Promise<Target<string>> {
  const known = [...EXAMPLES, ...readTable('primes.json').entries.map(({ expression }) => expression)];
  /** A known one with a part cut out and something put in its place. */
  const spoilt = fc
    .record({ text: fc.constantFrom(...known), at: fc.nat(40), gone: fc.nat(3), put: fc.constantFrom('', ...PIECES) })
    .map(({ text, at, gone, put }) => {
      const place = at % (text.length + 1);
      return `${text.slice(0, place)}${put}${text.slice(place + gone)}`;
    });
  return {
    name: 'numbers',
    cases: fc.oneof(
      { weight: 4, arbitrary: tree },
      { weight: 4, arbitrary: pieces },
      { weight: 4, arbitrary: spoilt },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
      { weight: 1, arbitrary: repeated },
    ),
    run(text) {
      const result = evaluateExpression(text, { digits: DIGITS });
      if (!result.ok) return refused(result.problem);
      const digits = result.value.toString().replace('-', '').length;
      if (digits > DIGITS) throw new Error(`a number of ${digits} digits came through`);
      return TAKEN;
    },
  };
}
