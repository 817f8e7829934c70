/**
 * Looks over a JSON text before it is parsed: nesting, number of values, length of texts and numbers, names that come twice,
 * numbers that no double holds, invalid UTF-8. Parsing takes many times the memory of the text (133 million empty
 * lists fit into 400 MB), and silently takes the last of two fields of a name and infinity for 1e999. It is one pass over the
 * bytes and does not check the grammar: `JSON.parse` does.
 */

import { isUtf8 } from 'node:buffer';

/** A checkpoint has 9 levels. */
const DEEPEST = 16;
/** 400 MB of the smallest primes are 20 million. */
const MOST_VALUES = 25_000_000;
/** Bytes. A number of 100,000 digits is the longest there is. */
const LONGEST_TEXT = 200_000;
const LONGEST_NUMBER = 40;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** What is wrong with a text, as the second half of a sentence; null when it may be parsed. */
export function jsonProblem(text: Buffer): string | null {
  if (!isUtf8(text)) return 'it is not UTF-8';
  /** The names so far of the objects that are open; null for lists. */
  const open: (Set<string> | null)[] = [];
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] as number;
    if (byte === QUOTE) {
      const end = endOfText(text, at);
      if (end < 0) return 'a text in it does not end';
      if (end - at > LONGEST_TEXT) return `it has a text of ${end - at - 1} bytes`;
      const problem = isName(text, end) ? nameProblem(open.at(-1), text, at, end) : null;
      if (problem !== null) return problem;
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) {
      open.push(byte === 0x7b ? new Set() : null);
      if (open.length > DEEPEST) return 'it is nested too deeply';
      values++;
    } else if (byte === 0x7d || byte === 0x5d) open.pop();
    else if (byte === COMMA) values++;
    else if (isDigit(byte) || byte === MINUS) {
      const end = endOfNumber(text, at);
      if (end - at > LONGEST_NUMBER) return `it has a number of ${end - at} characters`;
      if (!Number.isFinite(Number(text.toString('latin1', at, end))))
        return 'it has something like a number that is none';
      at = end - 1;
    }
    if (values > MOST_VALUES) return 'it has too many values';
  }
  return null;
}

/** Where the text that begins here ends; −1 when it does not. */
function endOfText(text: Buffer, from: number): number {
  for (let end = text.indexOf(QUOTE, from + 1); end >= 0; end = text.indexOf(QUOTE, end + 1)) {
    let escapes = end;
    while (text[escapes - 1] === BACKSLASH) escapes--;
    if ((end - escapes) % 2 === 0) return end;
  }
  return -1;
}

function endOfNumber(text: Buffer, from: number): number {
  let end = from + 1;
  for (; end < text.length; end++) {
    const byte = text[end] as number;
    // Digits, + - . e E: what it means is looked at when it is whole.
    if (!isDigit(byte) && byte !== MINUS && byte !== 0x2b && byte !== 0x2e && (byte | 0x20) !== 0x65) break;
  }
  return end;
}

function isName(text: Buffer, end: number): boolean {
  let next = end + 1;
  while (isSpace(text[next])) next++;
  return text[next] === COLON;
}

function nameProblem(names: Set<string> | null | undefined, text: Buffer, from: number, end: number): string | null {
  const name = text.toString('utf8', from + 1, end);
  if (name.includes('\\')) return 'a field has a name with escapes';
  if (names?.has(name)) return 'a field comes twice';
  names?.add(name);
  return null;
}
