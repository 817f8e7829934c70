/** OpenSSL: its library's BN_mod_exp, and its terminal program's `openssl prime -generate`, a process a prime. */

import { execFileSync } from 'node:child_process';
import { run } from './children.ts';
import { askPowers, compiled } from './compiled.ts';
import type { Conversation } from './lines.ts';
import { type Peer, PeerMissing } from './peers.ts';

/** A small prime takes less than the step of 10 ms in which the shell tells CPU time: several are taken together. */
const SMALL_BITS = 2000;
const SMALL_TOGETHER = 20;
const AGAIN = 'i=0; while [ $i -lt "$1" ]; do openssl prime -generate -bits "$2" || exit; i=$((i + 1)); done';

/** @throws PeerMissing when there is no `openssl`; without its headers there are no powers */
export function opensslPeer(directory: string): Peer {
  let version: string;
  try {
    version = execFileSync('openssl', ['version'], { encoding: 'utf8' }).split(' ').slice(0, 2).join(' ');
  } catch {
    throw new PeerMissing('OpenSSL is not there to compare with ("apt-get install openssl")');
  }
  const library = headers(directory);
  return {
    name: 'OpenSSL',
    version: version.replace(/^OpenSSL /, ''),
    ...(library !== null && {
      powers: {
        way: 'BN_mod_exp',
        make: (numbers: readonly bigint[], bits: number) => askPowers(library, numbers, bits),
        // To a base of one word it squares, and multiplies by the word.
        squarings: (bits: number) => bits,
      },
    }),
    prime: {
      way: 'openssl prime -generate',
      async make(start) {
        // The length of the largest number with as many digits: 3,322 bits for 1,000 digits.
        const bits = (10n ** BigInt(start.toString().length)).toString(2).length;
        const of = bits < SMALL_BITS ? SMALL_TOGETHER : 1;
        const { cpuSeconds } = await run('sh', ['-c', AGAIN, 'sh', String(of), String(bits)]);
        return { cpuSeconds: cpuSeconds / of, oddNumbers: null, of };
      },
    },
    close: () => library?.close(),
  };
}

function headers(directory: string): Conversation | null {
  try {
    return compiled('openssl.c', 'crypto', directory, 'OpenSSL has no headers here ("apt-get install libssl-dev")');
  } catch (error) {
    if (!(error instanceof PeerMissing)) throw error;
    return null;
  }
}
