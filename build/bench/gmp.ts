/** GMP: mpz_powm and mpz_nextprime. */

import { askPowers, compiled } from './compiled.ts';
import type { Peer, PowerMaker } from './peers.ts';

const HOW = 'GMP is not there to compare with: it needs a C compiler and libgmp ("apt-get install gcc libgmp-dev")';

/** Exponents of more bits than this take a window wider by one (mpn/generic/powm.c, win_size; the same in 6.2 and 6.3). */
const WIDER_ABOVE = [7, 25, 81, 241, 673, 1793, 4609, 11521, 28161];
/** A product modulo N, in squarings modulo N: both have the reduction. The windows of a stretch and of all differ by 3 % at most. */
const PRODUCT = 1.15;

/** Sliding windows of w bits: 2^(w−1) odd powers, then a product for each w + 1 bits. */
export function gmpSquarings(bits: number): number {
  const window = 1 + WIDER_ABOVE.filter((limit) => bits > limit).length;
  return bits + PRODUCT * (2 ** (window - 1) + bits / (window + 1));
}

/** @throws PeerMissing without a compiler or the library */
export async function gmpPeer(directory: string): Promise<Peer & { readonly powers: PowerMaker }> {
  const program = compiled('gmp.c', 'gmp', directory, HOW);
  const [version = ''] = await program.ask('version');
  return {
    name: 'GMP',
    version,
    powers: { way: 'mpz_powm', make: (numbers, bits) => askPowers(program, numbers, bits), squarings: gmpSquarings },
    prime: {
      way: 'mpz_nextprime',
      async make(start) {
        const [answer = ''] = await program.ask(`prime ${start.toString(16)}`);
        const [nanoseconds, distance] = answer.split(' ');
        return { cpuSeconds: Number(nanoseconds) / 1e9, oddNumbers: Number(distance) / 2 };
      },
    },
    close: () => program.close(),
  };
}
