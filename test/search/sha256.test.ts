import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HASH_BYTES, Hmac } from '../../main/search/sha256.ts';

const hmac = (key: Uint8Array, message: Uint8Array): string => {
  const to = new Uint8Array(HASH_BYTES + 5);
  new Hmac(key).write(message, to, 3);
  return Buffer.from(to.subarray(3, 3 + HASH_BYTES)).toString('hex');
};
const expected = (key: Uint8Array, message: Uint8Array): string =>
  createHmac('sha256', key).update(message).digest('hex');

describe('HMAC-SHA-256', () => {
  it('is that of RFC 4231', () => {
    expect(hmac(Buffer.alloc(20, 0x0b), Buffer.from('Hi There'))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    expect(hmac(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?'))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it("is that of Node's library for every length of message around a block's ends", () => {
    const key = Buffer.from('5e'.repeat(32), 'hex');
    for (let length = 0; length <= 200; length++) {
      const message = Buffer.from(Array.from({ length }, (_, k) => 7 * k + length));
      expect(hmac(key, message)).toBe(expected(key, message));
    }
  });

  it("is that of Node's library for any key of up to a block and any message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 5000 }), (key, message) => {
        expect(hmac(key, message)).toBe(expected(key, message));
      }),
    );
    const long = Buffer.alloc(41_532, 0xa7);
    expect(hmac(Buffer.alloc(32, 1), long)).toBe(expected(Buffer.alloc(32, 1), long));
    expect(() => new Hmac(new Uint8Array(65))).toThrow(RangeError);
  });

  it('gives one key the same answers whatever was asked in between', () => {
    const [one, other] = [new Hmac(Buffer.from('one')), new Hmac(Buffer.from('other'))];
    const [first, second] = [new Uint8Array(HASH_BYTES), new Uint8Array(HASH_BYTES)];
    one.write(Buffer.from('message'), first, 0);
    other.write(Buffer.from('another'), second, 0);
    one.write(Buffer.from('message'), second, 0);
    expect(second).toEqual(first);
  });
});
