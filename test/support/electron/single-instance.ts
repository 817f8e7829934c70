/**
 * One instance for each directory of user data, across processes, as Chromium's: a symbolic link that names the process
 * which has it. A second start leaves a letter beside the link and goes; whose process is gone has lost it.
 */

import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Letter {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
  readonly additionalData: unknown;
}

/** When the process was started, so that a number given again to another is not taken for it. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

export class SingleInstance {
  private readonly directory: string;
  private readonly link: string;
  private readonly letters: string;
  private stopReading: (() => void) | null = null;

  constructor(directory: string) {
    this.directory = directory;
    this.link = join(directory, 'SingletonLock');
    this.letters = join(directory, 'SingletonLetters');
  }

  get held(): boolean {
    return this.stopReading !== null;
  }

  /** @returns false: another process has it, and was written to */
  acquire(letter: Letter, onLetter: (letter: Letter) => void): boolean {
    mkdirSync(this.letters, { recursive: true });
    const me = `${process.pid} ${startOf(process.pid)}`;
    for (;;) {
      try {
        symlinkSync(me, this.link);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const [pid, start] = readlinkSync(this.link).split(' ');
      if (start !== '' && startOf(Number(pid)) === start) {
        this.post(letter);
        return false;
      }
      rmSync(this.link, { force: true });
    }
    this.read(onLetter);
    return true;
  }

  release(): void {
    this.stopReading?.();
    this.stopReading = null;
    rmSync(this.link, { force: true });
  }

  private post(letter: Letter): void {
    const name = `${process.pid}-${Date.now()}`;
    writeFileSync(join(this.directory, name), JSON.stringify(letter));
    renameSync(join(this.directory, name), join(this.letters, name));
  }

  private read(onLetter: (letter: Letter) => void): void {
    for (const old of readdirSync(this.letters)) rmSync(join(this.letters, old), { force: true });
    const watcher = watch(this.letters, () => {
      for (const name of readdirSync(this.letters)) {
        const letter = JSON.parse(readFileSync(join(this.letters, name), 'utf8')) as Letter;
        rmSync(join(this.letters, name));
        onLetter(letter);
      }
    });
    this.stopReading = () => watcher.close();
  }
}
