/** OpenSSL's terminal program: `openssl prime -generate`, a process a prime. */

import { execFileSync } from 'node:child_process';
import { run } from './children.ts';
import { type Peer, PeerMissing } from './peers.ts';

/** @throws PeerMissing when there is no `openssl` */
export function opensslPeer(): Peer {
  let version: string;
  try {
    version = execFileSync('openssl', ['version'], { encoding: 'utf8' }).split(' ').slice(0, 2).join(' ');
  } catch {
    throw new PeerMissing('OpenSSL is not there to compare with ("apt-get install openssl")');
  }
  return {
    name: 'OpenSSL',
    version: version.replace(/^OpenSSL /, ''),
    prime: {
      way: 'openssl prime -generate',
      async make(start) {
        // The length of the largest number with as many digits: 3,322 bits for 1,000 digits.
        const bits = (10n ** BigInt(start.toString().length)).toString(2).length;
        const { cpuSeconds } = await run('openssl', ['prime', '-generate', '-bits', String(bits)]);
        return { cpuSeconds, oddNumbers: null };
      },
    },
    close: () => {},
  };
}
