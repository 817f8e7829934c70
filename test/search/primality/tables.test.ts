import { checkPrimeSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../main/search/expression/expression.ts';
import { composites, readTable } from '../../data/read.ts';

describe('the tables of numbers', () => {
  it('have the published counts and first terms', () => {
    const carmichael = readTable('carmichael.json').below10To7;
    expect(carmichael).toHaveLength(105); // Pinch, The Carmichael numbers up to 10^15 (1993)
    expect(carmichael.slice(0, 7)).toEqual(['561', '1105', '1729', '2465', '2821', '6601', '8911']);
    const strong = readTable('strong-pseudoprimes-base-2.json').below10To7;
    expect(strong).toHaveLength(162); // Pomerance, Selfridge, Wagstaff (1980)
    expect(strong.slice(0, 6)).toEqual(['2047', '3277', '4033', '4681', '8321', '15841']);
    const lucas = readTable('lucas-pseudoprimes.json').strong;
    expect(lucas.slice(0, 6)).toEqual(['5459', '5777', '10877', '16109', '18971', '22499']); // OEIS A217255
  });

  it('hold Arnault’s composite of 397 digits, p(313(p - 1) + 1)(353(p - 1) + 1)', () => {
    const p =
      29674495668685510550154174642905332730771991799853043350995075531276838753171770199594238596428121188033664754218345562493168782883n;
    const arnault = p * (313n * (p - 1n) + 1n) * (353n * (p - 1n) + 1n);
    const entry = readTable('strong-pseudoprimes-many-bases.json').entries.at(-1);
    expect(entry?.n).toBe(String(arnault));
    expect(entry?.n).toHaveLength(397);
    expect(entry?.passes.at(-1)).toBe(293);
  });

  it('hold composites only where they say so, and primes where they say so, as OpenSSL sees it', () => {
    for (const { n, kind } of composites()) {
      if (n < 1n << 600n) expect(checkPrimeSync(n), `${kind} ${n}`).toBe(false);
    }
    for (const { expression, digits } of readTable('primes.json').entries.filter((entry) => entry.digits < 400)) {
      const result = evaluateExpression(expression);
      expect(result.ok && checkPrimeSync(result.value), `${expression}, ${digits} digits`).toBe(true);
    }
  });
});
