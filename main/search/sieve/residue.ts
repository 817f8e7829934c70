/**
 * The residues of one long number modulo many primes, sixteen primes at a time in doubles: emitted code.
 *
 * Horner's rule over words of k bits costs a whole reduction (seven operations) a word. Here m words share
 * one: the powers c_i = 2^(k·i) mod p, i < m, are made once for sixteen primes, and a chunk of m words is
 * the exact sum Σ w_i·c_i, one multiplication and one addition a word, reduced once. Chunks are joined by
 * Horner's rule with h = 2^(k·m) mod p; the residue is cut in two halves first, so that its product with h
 * is exact as well. All words and residues are symmetric (−p/2..p/2), which is worth two bits a word.
 * Every value is an integer below 2^53: docs/sieve.md has the bounds, and why multiply-adds are not fused.
 */

import { FunctionBuilder, f64, f64x2, i32, type Local, plus, type V128, v128 } from '../../kernel/wasm/emit.ts';

/** Primes that are worked on together: eight vectors, one after the other, hide the latency of every operation. */
export const PRIMES_A_BATCH = 16;
const VECTORS = PRIMES_A_BATCH / 2;
/** Bytes of one table row, a double for every prime of the batch. */
const ROW_BYTES = 16 * VECTORS;
/** Adding and subtracting it rounds a double below 2^51 in size to an integer. */
const ROUND = 1.5 * 2 ** 52;
/** Residues are cut at this bit, the middle of a residue of the largest primes. */
const CUT = 2 ** 15;

/** Words that share a reduction. Short numbers want few, since every power costs a reduction itself. */
export const CHUNK_WORDS = [4, 8, 16, 32] as const;
export type ChunkWords = (typeof CHUNK_WORDS)[number];

/**
 * Bits of a word for primes below 2^primeBits: (m−1) products of a residue below 2^(primeBits−1) and a word
 * of at most 2^(k−1) stay below 2^53, with room of one product more for the carry.
 */
export function wordBits(primeBits: number, chunkWords: ChunkWords): number {
  return 55 - Math.max(primeBits, 8) - Math.log2(chunkWords);
}

/** Table rows: c_0 (unused) … c_(m−1), h, h cut-shifted, 1/p, 2^k/p. */
export const tableBytes = (chunkWords: ChunkWords): number => ROW_BYTES * (chunkWords + 4);

/**
 * Emits `residues<m>(primes, results, batches, words, chunks, scale, self)`. For each prime p of `batches`
 * batches of doubles at `primes`, writes to `results` the least i ≥ 0 for which p divides 2a + 1 + 2i, where
 * a is the number whose words lie at `words`: chunk by chunk from the highest, in each the lowest word first.
 * `scale` is 2^k. Where 2a + 1 + 2i is p itself the next multiple is given (i + p); for that `self` is
 * 2a + 1, or infinity when that is above all the primes.
 */
export function residueFunction(chunkWords: ChunkWords, tableAt: number): FunctionBuilder {
  const f = new FunctionBuilder(`residues${chunkWords}`, ['i32', 'i32', 'i32', 'i32', 'i32', 'f64', 'f64']);
  const primes = f.parameter(0, 'i32');
  const results = f.parameter(1, 'i32');
  const batches = f.parameter(2, 'i32');
  const words = f.parameter(3, 'i32');
  const chunks = f.parameter(4, 'i32');
  const scale = f.let(f64x2.splat(f.parameter(5, 'f64')));
  const self = f.let(f64x2.splat(f.parameter(6, 'f64')));
  const round = f.let(f64x2.splat(f64.const(ROUND)));

  const table = i32.const(tableAt);
  const rowH = chunkWords;
  const rowCutH = chunkWords + 1;
  const rowInverse = chunkWords + 2;
  const rowScaledInverse = chunkWords + 3;
  const at = (row: number, vector: number): number => ROW_BYTES * row + 16 * vector;
  const entry = (row: number, vector: number): V128 => v128.load(table, at(row, vector));
  const prime = (vector: number): V128 => v128.load(primes, 16 * vector);

  const x = Array.from({ length: VECTORS }, () => f.local('v128'));
  const each = (body: (x: Local<'v128'>, vector: number) => void): void => {
    for (const [vector, one] of x.entries()) body(one, vector);
  };
  const q = f.local('v128');
  const splat = f.local('v128');
  const word = f.local('i32');
  const row = f.local('i32');
  const left = f.local('i32');

  const multiplyAdd = (a: V128, b: V128, c: V128): V128 => f64x2.add(f64x2.mul(a, b), c);
  /** The integer nearest to a·b. */
  const quotient = (a: V128, b: V128): V128 => f64x2.sub(multiplyAdd(a, b, round), round);
  const reduced = (value: V128, vector: number): V128 => f64x2.sub(value, f64x2.mul(q, prime(vector)));
  const reduce = (x: Local<'v128'>, vector: number): void => {
    f.set(q, quotient(x, entry(rowInverse, vector)));
    f.set(x, reduced(x, vector));
  };

  const makePowers = (): void => {
    const one = f64x2.splat(f64.const(1));
    each((x, v) => {
      f.set(q, f64x2.div(one, prime(v)));
      f.storeV128(table, at(rowInverse, v), q);
      f.storeV128(table, at(rowScaledInverse, v), f64x2.mul(q, scale));
      f.set(x, one);
    });
    f.set(row, table);
    f.set(left, i32.const(chunkWords));
    f.doWhile(
      () => {
        f.set(row, plus(row, ROW_BYTES));
        each((x, v) => {
          f.set(q, quotient(x, entry(rowScaledInverse, v)));
          f.set(x, reduced(f64x2.mul(x, scale), v));
          f.storeV128(row, 16 * v, x);
        });
        f.set(left, i32.sub(left, i32.const(1)));
      },
      () => left,
    );
    each((x, v) => {
      f.set(x, f64x2.mul(x, f64x2.splat(f64.const(CUT))));
      reduce(x, v);
      f.storeV128(table, at(rowCutH, v), f64x2.mul(x, f64x2.splat(f64.const(1 / CUT))));
    });
  };

  /** x ← x·h + Σ w_i·c_i mod p */
  const addChunk = (): void => {
    const cutter = f64x2.splat(f64.const(ROUND * CUT));
    f.set(splat, v128.loadSplat64(word));
    each((x, v) => {
      // The upper part is a multiple of CUT; the row that it meets was divided by CUT.
      f.set(q, f64x2.sub(f64x2.add(x, cutter), cutter));
      f.set(x, multiplyAdd(f64x2.sub(x, q), entry(rowH, v), splat));
      f.set(x, multiplyAdd(q, entry(rowCutH, v), x));
    });
    for (let i = 1; i < chunkWords; i++) {
      f.set(splat, v128.loadSplat64(word, 8 * i));
      each((x, v) => f.set(x, multiplyAdd(entry(i, v), splat, x)));
    }
    each(reduce);
  };

  const finish = (): void => {
    const one = f64x2.splat(f64.const(1));
    const half = f64x2.splat(f64.const(0.5));
    each((x, v) => {
      // So far a quotient near n + 1/2 may have gone to the wrong side; that of a residue cannot.
      reduce(x, v);
      // 2a + 1 + 2i ≡ 0 for i = (p − 1)/2 − a, which is in 0..p−1 when |a| ≤ (p − 1)/2.
      f.set(x, f64x2.sub(f64x2.mul(f64x2.sub(prime(v), one), half), x));
      const isSelf = f64x2.ge(prime(v), multiplyAdd(x, f64x2.splat(f64.const(2)), self));
      f.storeV128(results, 16 * v, f64x2.add(x, v128.and(prime(v), isSelf)));
    });
  };

  f.while(
    () => batches,
    () => {
      makePowers();
      each((x) => f.set(x, v128.zero()));
      f.set(word, words);
      f.set(left, chunks);
      f.doWhile(
        () => {
          addChunk();
          f.set(word, plus(word, 8 * chunkWords));
          f.set(left, i32.sub(left, i32.const(1)));
        },
        () => left,
      );
      finish();
      f.set(primes, plus(primes, 8 * PRIMES_A_BATCH));
      f.set(results, plus(results, 8 * PRIMES_A_BATCH));
      f.set(batches, i32.sub(batches, i32.const(1)));
    },
  );
  return f;
}

/**
 * The symmetric words of a number for `residues<m>`, in its order: chunks from the highest, in each the
 * lowest word first, zeros on top.
 * @param bytes the number, lowest byte first
 */
export function chunkedWords(bytes: Uint8Array, bits: number, chunkWords: ChunkWords): Float64Array {
  const base = 2 ** bits;
  const words: number[] = [];
  let held = 0;
  let heldBits = 0;
  let carry = 0;
  const push = (raw: number): void => {
    const word = raw + carry;
    carry = word >= base / 2 ? 1 : 0;
    words.push(word - carry * base);
  };
  for (const byte of bytes) {
    held += byte * 2 ** heldBits;
    heldBits += 8;
    if (heldBits >= bits) {
      const rest = Math.floor(held / base);
      push(held - rest * base);
      held = rest;
      heldBits -= bits;
    }
  }
  push(held);
  if (carry !== 0) push(0);
  const chunks = Math.ceil(words.length / chunkWords);
  const out = new Float64Array(chunks * chunkWords);
  for (const [i, word] of words.entries()) {
    const chunk = Math.floor(i / chunkWords);
    out[(chunks - 1 - chunk) * chunkWords + (i - chunk * chunkWords)] = word;
  }
  return out;
}
