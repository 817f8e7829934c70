/** Libraries in C, by small programs that the benchmark compiles into a directory of its own (protocol.h has the protocol). */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Conversation, converse } from './lines.ts';
import { PeerMissing, type Powers } from './peers.ts';

/**
 * Compiles and starts a program.
 * @param source its file beside this one
 * @param library as the linker calls it
 * @param directory where the executable may be put
 * @param how what is missing without a compiler or the library, and how to get it
 * @throws PeerMissing
 */
export function compiled(source: string, library: string, directory: string, how: string): Conversation {
  const program = join(directory, source.replace(/\.c$/, ''));
  const file = fileURLToPath(new URL(source, import.meta.url));
  try {
    execFileSync('cc', ['-O2', '-o', program, file, `-l${library}`], { stdio: 'pipe' });
  } catch (failure) {
    const said = String((failure as { stderr?: Buffer }).stderr ?? (failure as Error).message).trim();
    throw new PeerMissing(`${how}. The compiler says: ${said.split('\n')[0]}`);
  }
  return converse(program);
}

/** Asks a program of protocol.h for powers. */
export async function askPowers(program: Conversation, numbers: readonly bigint[], bits: number): Promise<Powers> {
  const list = numbers.map((number) => number.toString(16)).join('\n');
  const [nanoseconds, ...residues] = await program.ask(`powers ${numbers.length} ${bits}\n${list}`, numbers.length + 1);
  return { cpuSeconds: Number(nanoseconds) / 1e9, residues: residues.map((residue) => BigInt(`0x${residue}`)) };
}
