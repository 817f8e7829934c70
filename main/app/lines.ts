/** Cuts what comes in pieces into lines. One that is longer than anybody reads is cut too, so nothing grows for ever. */

import { StringDecoder } from 'node:string_decoder';

const LONGEST_LINE = 10_000;

export class Lines {
  readonly #heard: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(heard: (line: string) => void) {
    this.#heard = heard;
  }

  write(chunk: Buffer): void {
    this.#add(this.#decoder.write(chunk));
  }

  /** There is no more: what has no end of line is a line too. */
  end(): void {
    this.#add(this.#decoder.end());
    if (this.#rest !== '') this.#heard(this.#rest);
    this.#rest = '';
  }

  #add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#heard(line.slice(0, LONGEST_LINE));
    if (this.#rest.length > LONGEST_LINE) {
      this.#heard(this.#rest.slice(0, LONGEST_LINE));
      this.#rest = '';
    }
  }
}
