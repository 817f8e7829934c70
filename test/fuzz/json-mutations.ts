/** Changes of JSON by somebody who knows the format: wrong types, sizes, depths, names, and numbers just beside. */

import fc from 'fast-check';

export type JsonMutation = {
  /** Which value, counted through the whole tree, modulo how many there are. */
  readonly node: number;
  readonly how:
    | { readonly do: 'replace'; readonly text: string }
    | { readonly do: 'remove' }
    | { readonly do: 'add'; readonly key: string; readonly text: string }
    | { readonly do: 'double' }
    /** Takes the value of another place. */
    | { readonly do: 'take'; readonly from: number }
    /** A number, a little larger or smaller. */
    | { readonly do: 'shift'; readonly by: number };
};

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const nestedObjects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const HOSTILE = [
  ...['null', 'true', 'false', '""', '[]', '{}', '[[]]', '"x"', '"0"', '"-1"', '"0x10"', '"\\u0000"', '"\\ud800"'],
  ...['0', '-0', '-1', '1', '2', '0.5', '1e308', '1e999', '-1e999', '9007199254740991', '9007199254740992'],
  ...['16777216', '16777217', '4294967296', '100000', '2147483648', '1e-400', '12345678901234567890123'],
  ...[nested(2000), nested(20_000), nestedObjects(2000), '{"__proto__":{"a":1}}', '{"constructor":1,"length":-1}'],
  ...[`"${'f'.repeat(90_000)}"`, `"${'f'.repeat(90_001)}"`, `"${'9'.repeat(100_000)}"`, `"1${'0'.repeat(300)}"`],
  ...[`[${'0,'.repeat(100_000)}0]`, `[${'{},'.repeat(5000)}{}]`, `[${'null,'.repeat(5000)}null]`],
  ...['"probable prime"', '"prime"', '"screen"', '"confirm"', '"rounds"', '"lucas"', '"check"', '"bigint"'],
  // Not JSON at all.
  ...['NaN', '', '"', '{', '01', "'a'", 'undefined', '1,"block":2'],
];
const KEYS = ['', 'x', '__proto__', 'constructor', 'toString', 'length', 'block', 'units', 'state', 'residue', 'bit'];

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.integer({ min: -2, max: 40 }).map(String) },
);
const node = fc.nat(2 ** 20);

const mutation: fc.Arbitrary<JsonMutation> = fc.record({
  node,
  how: fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('replace' as const), text }) },
    fc.record({ do: fc.constant('remove' as const) }),
    fc.record({ do: fc.constant('add' as const), key: fc.constantFrom(...KEYS), text }),
    fc.record({ do: fc.constant('double' as const) }),
    { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const), from: node }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('shift' as const), by: fc.integer({ min: -3, max: 3 }) }) },
  ),
});

export const jsonMutations: fc.Arbitrary<JsonMutation[]> = fc.array(mutation, { minLength: 1, maxLength: 3 });

type Tree = Record<string, unknown> | unknown[];
interface Place {
  readonly above: Tree;
  readonly key: string;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
const get = ({ above, key }: Place): unknown => (above as Record<string, unknown>)[key];
const set = ({ above, key }: Place, value: unknown): void => {
  Object.defineProperty(above, key, { value, enumerable: true, configurable: true, writable: true });
};

/** Texts stand in the tree under a name that no JSON has, until all of it is written out. */
const MARK = 'fuzz-text-';

/** @returns the text of the mutated value, which need not be JSON any more */
export function mutatedJson(original: unknown, mutations: readonly JsonMutation[]): string {
  const root: Tree = { all: structuredClone(original) };
  const texts: string[] = [];
  const mark = (text: string): string => `${MARK}${texts.push(text) - 1}-`;
  for (const { node, how } of mutations) {
    const places = placesOf(root);
    const place = places[node % places.length] as Place;
    const value = get(place);
    switch (how.do) {
      case 'replace':
        set(place, mark(how.text));
        break;
      case 'remove':
        if (Array.isArray(place.above)) place.above.splice(Number(place.key), 1);
        else if (place.above !== root) delete place.above[place.key];
        break;
      case 'add':
        if (Array.isArray(value)) value.push(mark(how.text));
        else if (isTree(value)) set({ above: value, key: how.key }, mark(how.text));
        break;
      case 'double':
        if (Array.isArray(place.above)) place.above.splice(Number(place.key), 0, structuredClone(value));
        break;
      case 'take':
        set(place, structuredClone(get(places[how.from % places.length] as Place)));
        break;
      case 'shift':
        if (typeof value === 'number') set(place, value + how.by);
        else if (typeof value === 'string') set(place, `${value.slice(0, -1)}${Math.abs(how.by)}`);
        break;
    }
  }
  const whole = JSON.stringify(root['all']);
  return whole.replace(/"fuzz-text-(\d+)-"/g, (_, index) => texts[Number(index)] as string);
}

/** Every place of the tree, the root's first. */
function placesOf(root: Tree): Place[] {
  const places: Place[] = [];
  const walk = (above: Tree): void => {
    for (const key of Object.keys(above)) {
      const place = { above, key };
      places.push(place);
      const value = get(place);
      if (isTree(value)) walk(value);
    }
  };
  walk(root);
  return places;
}
