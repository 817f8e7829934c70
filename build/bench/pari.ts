/** PARI/GP, by its calculator `gp`: Mod(2, N)^e and nextprime (a BPSW test). Its clock has steps of a millisecond. */

import { execFileSync } from 'node:child_process';
import { converse } from './lines.ts';
import { type Peer, PeerMissing } from './peers.ts';

/** Bytes of its stack at most. */
const STACK = 1_000_000_000;
// Not `powers` and `prime`: those are PARI's own.
const POWERS =
  'benchpowers(v, k) = {my(r, t); gettime(); r = vector(#v, i, my(e = v[i] - 1, s = if(k, logint(e, 2) + 1 - k, 0)); ' +
  'lift(Mod(2, v[i])^if(s > 0, e >> s, e))); t = gettime(); print(t); for(i = 1, #r, print(r[i]))}';
const PRIME = 'benchprime(a) = {my(p, t); gettime(); p = nextprime(a + 1); t = gettime(); print(t, " ", p - a)}';

/** @throws PeerMissing when there is no `gp` */
export function pariPeer(): Peer {
  let version: string;
  try {
    version = execFileSync('gp', ['--version-short'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch {
    throw new PeerMissing('PARI/GP is not there to compare with ("apt-get install pari-gp")');
  }
  const gp = converse('gp', ['-q', '-f', '-D', `parisizemax=${STACK}`]);
  const begun = gp.ask(`${POWERS};\n${PRIME};\nprint("ready")`);
  return {
    name: 'PARI',
    version,
    powers: {
      way: 'Mod(2, N)^e',
      async make(numbers, bits) {
        await begun;
        const list = numbers.map((number) => `0x${number.toString(16)}`).join(',');
        const [milliseconds, ...residues] = await gp.ask(`benchpowers([${list}], ${bits})`, numbers.length + 1);
        return { cpuSeconds: Number(milliseconds) / 1000, residues: residues.map(BigInt) };
      },
      squarings: (bits) => bits,
    },
    prime: {
      way: 'nextprime',
      async make(start) {
        await begun;
        const [answer = ''] = await gp.ask(`benchprime(0x${start.toString(16)})`);
        const [milliseconds, distance] = answer.split(' ');
        return { cpuSeconds: Number(milliseconds) / 1000, oddNumbers: Number(distance) / 2 };
      },
    },
    close: () => gp.close(),
  };
}
