/** GMP, by a small C program that the benchmark compiles into a directory of its own (gmp.c has the protocol). */

import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Peer, PeerMissing } from './peers.ts';

const SOURCE = fileURLToPath(new URL('gmp.c', import.meta.url));
const HOW = 'GMP is not there to compare with: it needs a C compiler and libgmp ("apt-get install gcc libgmp-dev")';

/**
 * Compiles and starts the program.
 * @param directory where the executable may be put
 * @throws PeerMissing without a compiler or the library
 */
export async function gmpPeer(directory: string): Promise<Peer> {
  const program = join(directory, 'gmp');
  try {
    execFileSync('cc', ['-O2', '-o', program, SOURCE, '-lgmp'], { stdio: 'pipe' });
  } catch (failure) {
    const said = String((failure as { stderr?: Buffer }).stderr ?? (failure as Error).message).trim();
    throw new PeerMissing(`${HOW}. The compiler says: ${said.split('\n')[0]}`);
  }
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<[string, string]> => {
    child.stdin.write(`${question}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the GMP program ended in the middle');
    const [first = '', second = ''] = value.split(' ');
    return [first, second];
  };
  const [version] = await ask('version');
  return {
    name: 'GMP',
    version,
    async powers(numbers) {
      const list = numbers.map((number) => number.toString(16)).join('\n');
      const [nanoseconds, ones] = await ask(`powers ${numbers.length}\n${list}`);
      return { cpuSeconds: Number(nanoseconds) / 1e9, ones: Number(ones) };
    },
    prime: {
      way: 'mpz_nextprime',
      async make(start) {
        const [nanoseconds, distance] = await ask(`prime ${start.toString(16)}`);
        return { cpuSeconds: Number(nanoseconds) / 1e9, oddNumbers: Number(distance) / 2 };
      },
    },
    close: () => void child.kill(),
  };
}
