/**
 * The residues of one long number modulo many primes, sixteen primes at a time in doubles: emitted code.
 *
 * Horner's rule over words of k bits costs a whole reduction (seven operations) a word. Here m words share
 * one: the powers c_i = 2^(k·i) mod p, i < m, are made once for sixteen primes, and a chunk of m words is
 * the exact sum Σ w_i·c_i, one multiplication and one addition a word, reduced once. Chunks are joined by
 * Horner's rule with h = 2^(k·m) mod p; the residue is cut in two halves first, so that its product with h
 * is exact as well. All words and residues are symmetric (−p/2..p/2), which is worth two bits a word.
 * Everything is exact below 2^53, with multiply-adds rounded once or twice alike: docs/sieve.md has the
 * bounds. Measured against Horner at 1,000 digits: a third of the time.
 */

import { type F64, type Fusion, FunctionBuilder, f64, f64x2, i32, type Local, multiplyAdd, plus, type V128, v128 } from '../../kernel/wasm/emit.ts';

/** Primes that are worked on together: eight vectors hide the latency of every operation. */
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
export function residueFunction(chunkWords: ChunkWords, fusion: Fusion, tableAt: number): FunctionBuilder {
  const { madd, nmadd } = multiplyAdd(fusion);
  const f = new FunctionBuilder(`residues${chunkWords}`, ['i32', 'i32', 'i32', 'i32', 'i32', 'f64', 'f64']);
  const primes = f.parameter(0, 'i32');
  const results = f.parameter(1, 'i32');
  const batches = f.parameter(2, 'i32');
  const words = f.parameter(3, 'i32');
  const chunks = f.parameter(4, 'i32');
  const scale = f.let(f64x2.splat(f.parameter(5, 'f64')));
  const self = f.let(f64x2.splat(f.parameter(6, 'f64')));
  const constant = (value: number): Local<'v128'> => f.let(f64x2.splat(f64.const(value) as F64));
  const round = constant(ROUND);

  const table = i32.const(tableAt);
  const rowH = chunkWords;
  const rowCutH = chunkWords + 1;
  const rowInverse = chunkWords + 2;
  const rowScaledInverse = chunkWords + 3;
  const at = (row: number, vector: number): number => ROW_BYTES * row + 16 * vector;
  const load = (row: number, vector: number): V128 => v128.load(table, at(row, vector));
  const prime = (vector: number): V128 => v128.load(primes, 16 * vector);
  const eight = (make: (vector: number) => V128): Local<'v128'>[] =>
    Array.from({ length: VECTORS }, (_, vector) => f.let(make(vector)));
  const each = (body: (vector: number) => void): void => {
    for (let vector = 0; vector < VECTORS; vector++) body(vector);
  };
  const rounded = (factor: V128, inverse: V128): V128 => f64x2.sub(madd(factor, inverse, round), round);

  const x = eight(() => v128.zero());
  const q = eight(() => v128.zero());
  const chunk = f.local('i32');
  const left = f.local('i32');
  const word = f.local('i32');
  const row = f.local('i32');
  const splat = f.local('v128');

  /** x_v ← x_v mod p, symmetric. */
  const reduce = (): void => {
    each((v) => f.set(q[v]!, rounded(x[v]!, load(rowInverse, v))));
    each((v) => f.set(x[v]!, nmadd(q[v]!, prime(v), x[v]!)));
  };

  const powers = (): void => {
    each((v) => {
      f.set(q[v]!, f64x2.div(f64x2.splat(f64.const(1)), prime(v)));
      f.storeV128(table, at(rowInverse, v), q[v]!);
      f.storeV128(table, at(rowScaledInverse, v), f64x2.mul(q[v]!, scale));
      f.set(x[v]!, f64x2.splat(f64.const(1)));
    });
    f.set(row, table);
    f.set(left, i32.const(chunkWords));
    f.doWhile(
      () => {
        each((v) => f.set(q[v]!, rounded(x[v]!, load(rowScaledInverse, v))));
        f.set(row, plus(row, ROW_BYTES));
        each((v) => {
          f.set(x[v]!, nmadd(q[v]!, prime(v), f64x2.mul(x[v]!, scale)));
          f.storeV128(row, 16 * v, x[v]!);
        });
        f.set(left, i32.sub(left, i32.const(1)));
      },
      () => left,
    );
    each((v) => f.set(x[v]!, f64x2.mul(x[v]!, f64x2.splat(f64.const(CUT)))));
    reduce();
    each((v) => f.storeV128(table, at(rowCutH, v), f64x2.mul(x[v]!, f64x2.splat(f64.const(1 / CUT)))));
  };

  const chunkSum = (): void => {
    // The upper half of the residue is a multiple of CUT; the row it meets was divided by CUT.
    const cutter = f.let(f64x2.splat(f64.const(ROUND * CUT)));
    f.set(splat, v128.loadSplat64(word));
    each((v) => f.set(q[v]!, f64x2.sub(f64x2.add(x[v]!, cutter), cutter)));
    each((v) => {
      f.set(x[v]!, madd(f64x2.sub(x[v]!, q[v]!), load(rowH, v), splat));
      f.set(x[v]!, madd(q[v]!, load(rowCutH, v), x[v]!));
    });
    for (let i = 1; i < chunkWords; i++) {
      f.set(splat, v128.loadSplat64(word, 8 * i));
      each((v) => f.set(x[v]!, madd(load(i, v), splat, x[v]!)));
    }
  };

  const finish = (): void => {
    // A quotient may have been rounded to the wrong side by an error of 2^-7; of x/p = ±1/2 ± 1/2p it cannot.
    reduce();
    each((v) => {
      // p | 2a + 1 + 2i for i = (p − 1)/2 − a
      f.set(x[v]!, f64x2.sub(f64x2.mul(f64x2.sub(prime(v), f64x2.splat(f64.const(1))), f64x2.splat(f64.const(0.5))), x[v]!));
      const isSelf = f64x2.ge(prime(v), f64x2.add(f64x2.add(x[v]!, x[v]!), self));
      f.storeV128(results, 16 * v, f64x2.add(x[v]!, v128.and(prime(v), isSelf)));
    });
  };

  f.while(
    () => batches,
    () => {
      powers();
      each((v) => f.set(x[v]!, v128.zero()));
      f.set(word, words);
      f.set(chunk, chunks);
      f.doWhile(
        () => {
          chunkSum();
          reduce();
          f.set(word, plus(word, 8 * chunkWords));
          f.set(chunk, i32.sub(chunk, i32.const(1)));
        },
        () => chunk,
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
    // A word may be shorter than a byte's worth of what is held, never by more than one word.
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
