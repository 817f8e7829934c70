/** What is looked at before a JSON text is parsed: everything honest passes, everything excessive is said in half a sentence. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonProblem } from '../../../main/cruncher/store/json-limits.ts';

const problem = (text: string | Buffer) => jsonProblem(Buffer.isBuffer(text) ? text : Buffer.from(text));

test('what JSON.stringify writes passes, with spaces or without', () => {
  // A name with an escape is no name of ours.
  const key = fc.string().filter((name) => !JSON.stringify(name).includes('\\'));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true, maxDepth: 5 },
      fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value')),
    ),
  }));
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2), (anything, spaces) => {
      expect(problem(JSON.stringify(anything, null, spaces))).toBeNull();
    }),
    { numRuns: 500 },
  );
});

describe('is refused', () => {
  test.each([
    ['deep lists', '['.repeat(100_000), /nested too deeply/],
    ['deep objects', '{"a":'.repeat(100_000), /nested too deeply/],
    ['a field that comes twice', '{"a":1,"b":{"a":2},"a":3}', /comes twice/],
    ['a field that comes twice, once in disguise', '{"a":1,"\\u0061":2}', /with escapes/],
    ['1e999', '[1e999]', /like a number/],
    ['minus 1e999', '[-1e999]', /like a number/],
    ['a number that is none', '[1-2]', /like a number/],
    ['a number of a million digits', '9'.repeat(1_000_000), /a number of 1000000 characters/],
    ['a text of a megabyte', `"${'x'.repeat(1 << 20)}"`, /a text of 1048576 bytes/],
    ['a text without an end', `"${'x\\"'.repeat(1000)}`, /does not end/],
    ['a lone backslash at the end', '"\\', /does not end/],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), /not UTF-8/],
    ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), /not UTF-8/],
  ] as const)('%s', (_, text, why) => {
    expect(problem(text)).toMatch(why);
  });

  test('millions of empty lists, in a second', () => {
    expect(problem(Buffer.from(`[${'[],'.repeat(13_000_000)}`))).toMatch(/too many values/);
  });
});

test('the same name in different objects is fine', () => {
  expect(problem('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toBeNull();
});

test('time grows with the length alone, whatever the bytes are', () => {
  for (const unit of ['\\\\', '\\"', '"', '{', ',', '-', '"":']) {
    const text = Buffer.from(unit.repeat(2_000_000 / unit.length));
    const before = performance.now();
    jsonProblem(text);
    expect(performance.now() - before, unit).toBeLessThan(5000);
  }
});
