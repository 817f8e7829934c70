/** Writes a file of some bytes where a checkpoint is; says how that ended. Its parent limits how large files may be. */

import { writeDurably } from '../../main/cruncher/store/checkpoint-file.ts';

const [file, size] = process.argv.slice(2) as [string, string];
try {
  writeDurably(file, Buffer.alloc(Number(size), 'x'));
  process.stdout.write('written');
} catch (error) {
  process.stdout.write(`refused: ${(error as Error).message}`);
}
