/** OpenSSL: its library's BN_mod_exp, and its terminal program's `openssl prime -generate`, a process a prime. */

import { execFileSync } from 'node:child_process';
import { run } from './children.ts';
import { askPowers, compiled } from './compiled.ts';
import type { Conversation } from './lines.ts';
import { type Peer, PeerMissing } from './peers.ts';

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
        const { cpuSeconds } = await run('openssl', ['prime', '-generate', '-bits', String(bits)]);
        return { cpuSeconds, oddNumbers: null };
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
