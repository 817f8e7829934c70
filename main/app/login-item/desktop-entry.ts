/**
 * Desktop entries, as far as an autostart entry needs them: reading keys, changing them with everything else left as it is,
 * and the quoting of Exec. By the Desktop Entry Specification 1.5 (freedesktop.org): a value is escaped as a string, and in
 * Exec its words are quoted besides, so that a dollar sign in a path becomes `\\$` in the file.
 */

const GROUP = '[Desktop Entry]';

/** Characters for which a word of Exec must be quoted. */
const RESERVED = /[\s"'\\><~|&;$*?#()`]/;

/** The value of a key of the main group, its escapes resolved; null where it has none. */
export function readKey(text: string, key: string): string | null {
  const line = groupLines(text).find((line) => line.key === key);
  return line === undefined ? null : unescapeString(line.value);
}

/** The same entry with this key; the rest stays as it was, comments and translations too. */
export function withKey(text: string, key: string, value: string): string {
  const lines = text.split('\n');
  const entry = `${key}=${escapeString(value)}`;
  const at = groupLines(text).find((line) => line.key === key)?.index;
  if (at !== undefined) return lines.with(at, entry).join('\n');
  const group = lines.findIndex((line) => line.trim() === GROUP);
  return lines.toSpliced(group + 1, 0, entry).join('\n');
}

interface Line {
  readonly index: number;
  readonly key: string;
  readonly value: string;
}

function groupLines(text: string): Line[] {
  const found: Line[] = [];
  let inside = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('[')) inside = line.trim() === GROUP;
    const match = inside ? /^\s*([A-Za-z0-9-]+)\s*=\s*(.*?)\s*$/.exec(line) : null;
    if (match !== null) found.push({ index, key: match[1] ?? '', value: match[2] ?? '' });
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

function unescapeString(value: string): string {
  return value.replaceAll(/\\([sntr\\])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}

function escapeString(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('\r', '\\r')
    .replace(/^ +/, (blanks) => '\\s'.repeat(blanks.length));
}

/** A command line as the value of Exec, before the escapes that every value gets. */
export function quoteExec(words: readonly string[]): string {
  return words
    .map((word) => word.replaceAll('%', '%%'))
    .map((word) => (word === '' || RESERVED.test(word) ? `"${word.replaceAll(/["`$\\]/g, '\\$&')}"` : word))
    .join(' ');
}

/** The words of Exec without its field codes, such as `%U`; null where its quotes do not close. */
export function readExec(value: string): string[] | null {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/gsy;
  while (pattern.lastIndex < value.trimEnd().length) {
    const match = pattern.exec(value);
    if (match === null) return null;
    const quoted = match[1]?.replaceAll(/\\(.)/gs, '$1');
    if (quoted === undefined && /^%[A-Za-z]$/.test(match[2] ?? '')) continue;
    words.push((quoted ?? match[2] ?? '').replaceAll('%%', '%'));
  }
  return words;
}
