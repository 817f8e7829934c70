/** Grouped digits are the digits. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { abbreviated, grouped, hexadecimal } from '../../../renderer/words/digits.ts';

test('groups keep every digit in its place', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,300}$/), fc.integer({ min: 1, max: 20 }), (digits, size) => {
      const groups = grouped(digits, size).split(' ');
      expect(groups.join('')).toBe(digits);
      expect(groups.slice(0, -1).every((group) => group.length === size)).toBe(true);
    }),
  );
});

test('only what is long is abbreviated', () => {
  expect(abbreviated('123456789012345678901234567890')).toBe('123456789012345678901234567890');
  expect(abbreviated('1234567890123456789012345678901')).toBe('123456789012…012345678901');
});

test('hexadecimal is the same number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n }), (number) => {
      expect(BigInt(`0x${hexadecimal(String(number))}`)).toBe(number);
    }),
  );
});
