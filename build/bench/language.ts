/** JavaScript's own integers, without any library: what a BigInt and a `%` come to. */

import type { Peer, Powers } from './peers.ts';

export function languagePeer(): Peer {
  return {
    name: 'BigInt',
    version: `V8 ${process.versions.v8.split('-')[0]}`,
    powers: { way: 'r * r % n', make: async (numbers, bits) => powers(numbers, bits), squarings: (bits) => bits },
    close: () => {},
  };
}

function powers(numbers: readonly bigint[], bits: number): Powers {
  const before = process.cpuUsage();
  const residues = numbers.map((n) => powerOfTwo(n, bits));
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, residues };
}

function powerOfTwo(n: bigint, bits: number): bigint {
  const exponent = (n - 1n).toString(2);
  let residue = 1n;
  for (const digit of bits === 0 ? exponent : exponent.slice(0, bits)) {
    residue = (residue * residue) % n;
    if (digit === '1') residue = residue * 2n >= n ? residue * 2n - n : residue * 2n;
  }
  return residue;
}
