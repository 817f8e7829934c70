/**
 * Reads the imports of a TypeScript source, and says which of them break the house's one-way rule.
 *
 * It needs no parser: a scanner that knows comments, strings, templates and regular expressions finds the few forms in
 * which one module can name another. `new URL('./worker.ts', import.meta.url)` names a file that is run elsewhere, in
 * another thread or process; that is data, not an import.
 */

import { posix } from 'node:path';

/** Which rooms a room may import (docs/architecture.md). Its own files it may always import. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'main/contract': [],
  'main/kernel': [],
  'main/search': ['main/kernel', 'main/contract'],
  'main/cruncher': ['main/search', 'main/contract'],
  'main/supervisor': ['main/contract'],
  'main/host': ['main/contract', 'main/supervisor'],
  'main/app': ['main/contract', 'main/supervisor', 'main/host'],
  'main/pool': ['main/contract', 'main/search'],
  'main/cli': ['main/contract', 'main/supervisor', 'main/host', 'main/pool'],
  renderer: ['main/contract'],
};

/** The room that reads the program's version from package.json, for all others. */
const VERSION_ROOM = 'main/contract';

type Token = { readonly kind: 'word' | 'string' | 'mark'; readonly text: string };

/** After these words a slash begins a regular expression, not a division. */
const BEFORE_EXPRESSION = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'void',
  'delete',
  'throw',
  'new',
  'await',
]);

const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$]*|\d[\w.]*/uy;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;

/** What a template or a regular expression is to the token after it: a value, after which a slash divides. */
const VALUE: Token = { kind: 'string', text: '' };

/** Words, strings and marks of a source; comments, regular expressions and the text of templates are left out. */
function tokens(source: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  let before: Token | undefined;
  // Open braces: those of `${` in a template, whose end continues the template, and others.
  const braces: ('template' | 'other')[] = [];
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    at += text?.length ?? 0;
    return text;
  };
  const add = (token: Token): void => {
    found.push(token);
    before = token;
  };
  /** Goes past the text of a template, to its end or to the expression in its next `${`. */
  const skipTemplate = (): Token => {
    for (; at < source.length; at++) {
      if (source[at] === '\\') at++;
      else if (source[at] === '`') break;
      else if (source.startsWith('${', at)) {
        at += 2;
        braces.push('template');
        return { kind: 'mark', text: '{' };
      }
    }
    at++;
    return VALUE;
  };
  while (at < source.length) {
    if (match(SKIPPED)) continue;
    const word = match(WORD);
    const string = word ? undefined : match(STRING);
    if (word) add({ kind: 'word', text: word });
    else if (string) add({ kind: 'string', text: string.slice(1, -1) });
    else if (source[at] === '`' || (source[at] === '}' && braces.pop() === 'template')) {
      at++;
      before = skipTemplate();
    } else if (source[at] === '/' && expressionMayBegin(before) && match(REGULAR_EXPRESSION)) {
      before = VALUE;
    } else {
      if (source[at] === '{') braces.push('other');
      add({ kind: 'mark', text: source[at++]! });
    }
  }
  return found;
}

function expressionMayBegin(before: Token | undefined): boolean {
  if (!before) return true;
  if (before.kind === 'word') return BEFORE_EXPRESSION.has(before.text);
  return before.kind === 'mark' && !')]}'.includes(before.text);
}

/** What a source imports: the specifiers as written, and how many `import()` have no fixed one. */
export type Imports = { readonly specifiers: readonly string[]; readonly computed: number };

/** The imports of a source: static, re-exported, dynamic, of types only, and by `require`. */
export function importsOf(source: string): Imports {
  const specifiers: string[] = [];
  let computed = 0;
  const all = tokens(source);
  const is = (i: number, text: string): boolean => all[i]?.kind !== 'string' && all[i]?.text === text;
  for (let i = 0; i < all.length; i++) {
    const token = all[i]!;
    if (token.kind !== 'word' || is(i - 1, '.')) continue;
    if ((token.text === 'import' || token.text === 'require') && is(i + 1, '(')) {
      const argument = all[i + 2];
      // A string and nothing after it; `import('./a' + b)` is computed too.
      if (argument?.kind === 'string' && (is(i + 3, ')') || is(i + 3, ','))) specifiers.push(argument.text);
      else computed++;
    } else if (token.text === 'import' && all[i + 1]?.kind === 'string') {
      specifiers.push(all[i + 1]!.text);
    } else if (token.text === 'import' || token.text === 'export') {
      const specifier = fromClause(all, i + 1);
      if (specifier !== undefined) specifiers.push(specifier);
    }
  }
  return { specifiers, computed };
}

/** The specifier of `… from 'specifier'` if the tokens from `i` on are an import or export clause that has one. */
function fromClause(all: readonly Token[], i: number): string | undefined {
  let inBraces = false;
  for (; i < all.length; i++) {
    const token = all[i]!;
    if (token.kind === 'string' && !inBraces) return undefined;
    if (token.kind === 'word' && token.text === 'from' && !inBraces && all[i + 1]?.kind === 'string')
      return all[i + 1]!.text;
    if (token.text === '{') inBraces = true;
    else if (token.text === '}') inBraces = false;
    else if (token.kind === 'mark' && token.text !== ',' && token.text !== '*') return undefined;
    if (token.text === '}' && !is(all[i + 1], 'from')) return undefined;
  }
  return undefined;
}

function is(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

/** The room of a file: `main/search` for `main/search/sieve.ts`; undefined outside the rooms. */
function roomOf(file: string): string | undefined {
  return Object.keys(MAY_IMPORT).find((room) => file.startsWith(`${room}/`));
}

/**
 * Every break of the rule, as a sentence.
 * @param files sources by their path from the checkout, such as `main/kernel/field.ts`
 * @param packages the `dependencies` that may be imported anywhere
 */
export function violations(files: ReadonlyMap<string, string>, packages: readonly string[]): string[] {
  const found: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [file, source] of files) {
    const room = roomOf(file);
    if (room === undefined) {
      found.push(`${file} is in no room`);
      continue;
    }
    const { specifiers, computed } = importsOf(source);
    if (computed > 0) found.push(`${file} has an import() without a fixed name, which nobody can check`);
    const targets: string[] = [];
    for (const specifier of specifiers) {
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(file), specifier);
        const targetRoom = roomOf(target);
        targets.push(target);
        if (targetRoom === room || (target === 'package.json' && room === VERSION_ROOM)) continue;
        if (targetRoom === undefined) found.push(`${file} imports ${target}, which is outside the rooms`);
        else if (!MAY_IMPORT[room]!.includes(targetRoom))
          found.push(`${file} imports ${target}, but ${room} may not import ${targetRoom}`);
      } else if (specifier === 'electron' || specifier.startsWith('electron/')) {
        if (room !== 'main/app') found.push(`${file} imports ${specifier}, but only main/app may`);
      } else if (!specifier.startsWith('node:')) {
        const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
        if (!packages.includes(name))
          found.push(`${file} imports ${specifier}, which is not in package.json's dependencies`);
      }
    }
    graph.set(file, targets);
  }
  const cycle = cycleIn(graph);
  if (cycle) found.push(`imports go round: ${cycle.join(' → ')}`);
  return found;
}

/** A cycle of the graph, its first node again at its end; undefined if there is none. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    if (finished.has(node)) return undefined;
    const start = path.indexOf(node);
    if (start >= 0) return [...path.slice(start), node];
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    finished.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return undefined;
}
