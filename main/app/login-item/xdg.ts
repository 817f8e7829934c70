/**
 * Start at login on Linux: an entry in the user's autostart folder (freedesktop.org's Desktop Application Autostart
 * Specification). Electron has nothing for it. What is in the folder is what holds: it is read each time, never remembered,
 * because desktops have switches of their own, which write `Hidden` or `X-GNOME-Autostart-enabled`.
 *
 * The entry is ours when we wrote it or when it starts this program; any other of that name is left alone.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoginItem } from '../../contract/bridge.ts';
import type { LoginItemEdge } from '../../host/edges.ts';
import type { OwnProgram } from '../own-program.ts';
import { quoteExec, readExec, readKey, withKey } from './desktop-entry.ts';

/** Says that we wrote it. */
const MARK = 'X-nice19-Autostart';

export interface XdgOptions {
  /** The entry's path. */
  readonly file: string;
  readonly program: OwnProgram;
  /** What is added to the program: no window. */
  readonly args: readonly string[];
}

type Entry =
  | { readonly is: 'none' }
  | { readonly is: 'foreign' }
  | {
      readonly is: 'ours';
      readonly text: string;
      readonly written: boolean;
      readonly state: 'on' | 'off' | 'elsewhere';
    };

function classify(text: string | null, program: OwnProgram): Entry {
  if (text === null) return { is: 'none' };
  const exec = readExec(readKey(text, 'Exec') ?? '') ?? [];
  const starts = [program.program, ...program.args].every((word, i) => exec[i] === word);
  const written = readKey(text, MARK) === 'true';
  if (!starts && !written) return { is: 'foreign' };
  const on = readKey(text, 'Hidden') !== 'true' && readKey(text, 'X-GNOME-Autostart-enabled') !== 'false';
  return { is: 'ours', text, written, state: !on ? 'off' : starts ? 'on' : 'elsewhere' };
}

function newEntry(options: XdgOptions): string {
  const entry = [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.0',
    'Name=nice19',
    "Comment=Searches for large primes in the computer's spare time",
    'Icon=nice19',
    'Terminal=false',
    'StartupNotify=false',
    'X-GNOME-Autostart-enabled=true',
    `${MARK}=true`,
    '',
  ].join('\n');
  return withKey(entry, 'Exec', quoteExec([options.program.program, ...options.program.args, ...options.args]));
}

export class XdgAutostart implements LoginItemEdge {
  readonly #options: XdgOptions;

  constructor(options: XdgOptions) {
    this.#options = options;
  }

  async read(): Promise<LoginItem> {
    const { file } = this.#options;
    const entry = this.#look();
    if (typeof entry === 'string') return { state: 'unavailable', sentence: entry };
    switch (entry.is) {
      case 'none':
        return { state: 'off', sentence: 'It does not start by itself.' };
      case 'foreign':
        return { state: 'unavailable', sentence: `${file} starts another program; it is left alone.` };
      case 'ours':
        if (entry.state === 'on') return { state: 'on', sentence: `It starts at login, without its window (${file}).` };
        if (entry.state === 'off') return { state: 'off', sentence: `Starting at login is switched off in ${file}.` };
        return { state: 'off', sentence: `${file} starts nice19 from another place, not this one.` };
    }
  }

  async set(on: boolean): Promise<LoginItem> {
    const entry = this.#look();
    if (typeof entry === 'string' || entry.is === 'foreign') return this.read();
    const { program, args, file } = this.#options;
    // The specification forbids `=` in a program's path, and GLib, which GNOME starts it with, looks for one with `%%` in it
    const words = [program.program, ...program.args, ...args];
    if (on && (/[=%]/.test(program.program) || words.some((word) => /[\n\r\t]/.test(word))))
      return {
        state: 'unavailable',
        sentence: `A desktop entry cannot name ${program.program}: move it to a plain path.`,
      };
    try {
      if (on && entry.is === 'ours' && !entry.written) {
        const shown = withKey(entry.text, 'Hidden', 'false');
        this.#write(withKey(shown, 'X-GNOME-Autostart-enabled', 'true'));
      } else if (on) this.#write(newEntry(this.#options));
      else if (entry.is === 'ours' && entry.written) rmSync(file, { force: true });
      else if (entry.is === 'ours') this.#write(withKey(entry.text, 'Hidden', 'true'));
    } catch (error) {
      return { state: 'unavailable', sentence: `${file} cannot be written: ${(error as Error).message}.` };
    }
    return this.read();
  }

  /** @returns a sentence where it cannot be read */
  #look(): Entry | string {
    const { file, program } = this.#options;
    try {
      return classify(readFileSync(file, 'utf8'), program);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return classify(null, program);
      return `${file} cannot be read: ${(error as Error).message}.`;
    }
  }

  /** As a whole or not at all: a session may begin at any moment. */
  #write(text: string): void {
    const { file } = this.#options;
    mkdirSync(dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}.new`;
    writeFileSync(draft, text, { mode: 0o644 });
    renameSync(draft, file);
  }
}
