/**
 * Keeps the settings, and what the host remembers, in their file: read once, written at every change. A file that cannot be
 * used never keeps the program from running: it is set aside and the defaults hold; one that cannot be written is told of,
 * and what was changed holds until the end.
 */

import { DEFAULT_SETTINGS, type Settings, type SettingsPatch } from '../../contract/settings.ts';
import type { SettingsFile } from '../edges.ts';
import { NO_UNKNOWNS, type ReadContent, readContent, writeContent } from './content.ts';
import { FIRST_STATE, type HostState } from './state.ts';

export class SettingsKeeper {
  readonly #file: SettingsFile;
  readonly #tell: (sentence: string) => void;
  readonly #unknowns: ReadContent['unknowns'];
  readonly #readOnly: boolean;
  #settings: Settings;
  #state: HostState;
  #writeFailed = false;

  /** What the user should know of how it was read, one sentence each. */
  readonly sentences: readonly string[];

  /** @param tell of what happens later, in one sentence */
  constructor(file: SettingsFile, tell: (sentence: string) => void) {
    this.#file = file;
    this.#tell = tell;
    const { settings, state, unknowns, newer, sentences } = open(file);
    this.#settings = settings;
    this.#state = state;
    this.#unknowns = unknowns;
    this.#readOnly = newer;
    this.sentences = sentences;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get state(): HostState {
    return this.#state;
  }

  /** @param patch checked already @returns whether anything is another than before */
  change(patch: SettingsPatch): boolean {
    return this.#put(Object.assign({ ...this.#settings }, given(patch)), this.#state);
  }

  remember(patch: Partial<HostState>): boolean {
    return this.#put(this.#settings, { ...this.#state, ...patch });
  }

  #put(settings: Settings, state: HostState): boolean {
    if (same(settings, this.#settings) && same(state, this.#state)) return false;
    this.#settings = settings;
    this.#state = state;
    if (this.#readOnly) return true;
    try {
      this.#file.write(writeContent(settings, state, this.#unknowns));
      this.#writeFailed = false;
    } catch (error) {
      if (!this.#writeFailed) {
        this.#tell(`The settings cannot be saved (${reason(error)}): what was changed holds until nice19 ends.`);
      }
      this.#writeFailed = true;
    }
    return true;
  }
}

function open(file: SettingsFile): ReadContent {
  const first = { settings: DEFAULT_SETTINGS, unknowns: NO_UNKNOWNS, newer: false };
  let problem = 'it holds no settings';
  try {
    const content = file.read();
    if (content === null) return { ...first, state: FIRST_STATE, sentences: [] };
    const read = readContent(content);
    if (read !== null) return read;
  } catch (error) {
    problem = reason(error);
  }
  // There was a file, so the first page was answered: it goes on, as anybody would who was never asked anything else.
  const state = { ...FIRST_STATE, firstStartDone: true };
  try {
    const where = file.setAside();
    const sentence = `The settings' file cannot be used (${problem}): it is now ${where}, and the defaults hold.`;
    return { ...first, state, sentences: [sentence] };
  } catch (error) {
    const sentence = `The settings' file cannot be used (${problem}) nor set aside (${reason(error)}): the defaults hold, and what is changed now is forgotten at the end.`;
    return { ...first, state, newer: true, sentences: [sentence] };
  }
}

/** A patch names what it changes; `undefined` changes nothing. */
function given(patch: SettingsPatch): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function same(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
