/**
 * What docs/checkpoint-format.md says about a test in progress, worked out in BigInt from the definitions: so that
 * another program could go on with it.
 */

import { expect, test } from 'vitest';
import type { UnitData } from '../../../main/contract/checkpoint.ts';
import { unitToData } from '../../../main/cruncher/run/unit-data.ts';
import { blockCount, blockInterval } from '../../../main/search/blocks.ts';
import { Kernels } from '../../../main/search/kernel-names.ts';
import { rabinBase } from '../../../main/search/prf.ts';
import { lucasParameter } from '../../../main/search/primality/lucas.ts';
import { UnitRunner } from '../../../main/search/unit.ts';
import { paperSpec } from '../../support/paper-run.ts';

type Power = { readonly bit: number; readonly residue: string };

const integer = (hex: string): bigint => BigInt(`0x${hex}`);

function power(base: bigint, exponent: bigint, n: bigint): bigint {
  let result = 1n;
  for (const bit of exponent === 0n ? '' : exponent.toString(2)) {
    result = (result * result) % n;
    if (bit === '1') result = (result * base) % n;
  }
  return result;
}

/** "A strong test", lane by lane. Returns how far it is: before the end of d, or behind it. */
function expectPower(n: bigint, base: bigint, { bit, residue }: Power): 'power' | 'tail' {
  let d = n - 1n;
  let s = 0;
  for (; d % 2n === 0n; s++) d /= 2n;
  const length = d.toString(2).length;
  if (bit < length) {
    expect(integer(residue)).toBe(power(base, d >> BigInt(length - bit), n));
    return 'power';
  }
  const t = bit - length;
  const passedBefore = Array.from({ length: t + 1 }, (_, j) => power(base, d << BigInt(j), n)).some(
    (x, j) => x === n - 1n || (j === 0 && x === 1n),
  );
  if (integer(residue) === n - 1n) expect(passedBefore).toBe(true);
  else if (residue !== '1' && t < s - 1) expect(integer(residue)).toBe(power(base, d << BigInt(t), n));
  else expect(passedBefore).toBe(false);
  return 'tail';
}

/** V_k and V_(k+1) for Q = 1, from V_0 = 2 and V_1 = P by doubling. */
function lucasPair(p: bigint, k: bigint, n: bigint): [bigint, bigint] {
  if (k === 0n) return [2n, p];
  const [v, w] = lucasPair(p, k / 2n, n);
  const middle = v * w - p;
  const pair = k % 2n === 0n ? [v * v - 2n, middle] : [middle, w * w - 2n];
  return pair.map((x) => ((x % n) + n) % n) as [bigint, bigint];
}

/** Returns what was seen. */
function expectActive(active: UnitData['active'], start: bigint, seed: Uint8Array, rounds: number): string[] {
  if (active === null) return [];
  if (active.stage === 'screen') {
    return active.powers.map((state, lane) => {
      const index = active.indices[lane] ?? (active.indices[0] as number);
      return `screen ${expectPower(start + 2n * BigInt(index), 2n, state)}`;
    });
  }
  const n = start + 2n * BigInt(active.index);
  const { state } = active;
  if (state.stage === 'lucas') {
    const parameter = lucasParameter(n);
    if (parameter.kind !== 'parameter') throw new Error('a number without a Lucas test is at one');
    const bits = (n + 1n).toString(2);
    const k = BigInt(`0b${bits.slice(0, state.lucas.bit)}`);
    const [v, vNext] = lucasPair(BigInt(parameter.p), k, n);
    expect([integer(state.lucas.v), integer(state.lucas.vNext)]).toEqual([v, vNext]);
    return ['lucas'];
  }
  return state.powers.map((lane, k) => {
    const round = state.stage === 'rounds' ? state.round + k : rounds + 2;
    return `${state.stage} ${expectPower(n, rabinBase(seed, n, round), lane)}`;
  });
}

test.each(['schoolbook', 'fft', 'bigint'] as const)(
  'the %s kernel’s states are what the format says, in every stage',
  (kernel) => {
    const spec = paperSpec(60, 21);
    const seed = Buffer.from(spec.seed, 'hex');
    const { start } = blockInterval({ digits: 60, count: blockCount(60) }, seed, 0);
    // Odd numbers without the factors 3, 5 and 7.
    const indices = Array.from({ length: 400 }, (_, i) => i).filter((i) =>
      [3n, 5n, 7n].every((prime) => (start + 2n * BigInt(i)) % prime !== 0n),
    );
    const runner = new UnitRunner(new Kernels({ wanted: kernel }), { start, indices, seed, rounds: spec.rounds });
    const seen = new Map<string, number>();
    const look = () => {
      const { active } = unitToData({ block: 0, from: 0, to: 400 }, runner.state(), false);
      for (const what of expectActive(active, start, seed, spec.rounds)) seen.set(what, (seen.get(what) ?? 0) + 1);
    };
    for (const _ of runner.run({ squarings: 37 })) look();
    for (const stage of ['screen power', 'screen tail', 'rounds power', 'lucas', 'check power']) {
      expect(seen.get(stage), stage).toBeGreaterThan(2);
    }
  },
);
