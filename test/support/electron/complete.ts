/**
 * What the stand-in does not have must be noticed: whoever uses it gets a sentence that names it, not undefined.
 *
 * Each object of the stand-in implements a part of its Electron type, which the compiler checks; `complete` passes it off
 * as the whole, and throws at the rest.
 */

/** Names that engines and libraries look for on any object; they are no use of Electron. */
const LOOKED_FOR = new Set([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  '__esModule',
  'inspect',
  'nodeType',
  'default',
]);

function refuse(what: string): never {
  throw new Error(`The Electron stand-in has no ${what}: test/support/electron/README.md says what it has.`);
}

/** @param name what people call the object, such as `app` */
export function complete<Whole extends object>(name: string, part: object): Whole {
  return new Proxy(part, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || LOOKED_FOR.has(key)) return Reflect.get(target, key, receiver);
      return refuse(`${name}.${key}`);
    },
  }) as Whole;
}

/** A class whose instances are passed off as whole ones. */
export function completeClass<Whole extends object>(
  name: string,
  part: abstract new (...args: never[]) => object,
): Whole {
  return new Proxy(part, {
    construct: (target, args, newTarget) => complete(name, Reflect.construct(target, args, newTarget)),
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || LOOKED_FOR.has(key)) return Reflect.get(target, key, receiver);
      return refuse(`${name}.${key}`);
    },
  }) as unknown as Whole;
}

/** An object or a class of Electron of which the stand-in has nothing: it can be imported, not used. */
export function lacking<Whole extends object>(name: string): Whole {
  return new Proxy(function lacks() {}, {
    get: (_, key) => (typeof key === 'symbol' || LOOKED_FOR.has(key) ? undefined : refuse(`${name}.${key}`)),
    apply: () => refuse(name),
    construct: () => refuse(name),
  }) as unknown as Whole;
}
