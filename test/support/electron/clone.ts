/**
 * Values on their way between the app and a page, as text: what structured clone passes and this project could send. The
 * functions are also put into the page as they are, so they stand alone.
 */

/** @throws for a function, a symbol and whatever else cannot be cloned, as Electron does */
export function encode(value: unknown): unknown {
  const tag = (kind: string, content?: unknown): unknown => ({ $: kind, v: content });
  const of = (item: unknown): unknown => {
    switch (typeof item) {
      case 'string':
      case 'boolean':
        return item;
      case 'number':
        return Number.isFinite(item) && !Object.is(item, -0)
          ? item
          : tag('number', Object.is(item, -0) ? '-0' : String(item));
      case 'undefined':
        return tag('undefined');
      case 'bigint':
        return tag('bigint', item.toString());
      case 'object':
        break;
      default:
        throw new Error('An object could not be cloned.');
    }
    if (item === null) return null;
    if (Array.isArray(item)) return item.map(of);
    if (item instanceof Date) return tag('date', item.getTime());
    if (item instanceof Map)
      return tag(
        'map',
        [...item].map(([key, entry]) => [of(key), of(entry)]),
      );
    if (item instanceof Set) return tag('set', [...item].map(of));
    if (item instanceof Error) return tag('error', [item.name, item.message]);
    if (ArrayBuffer.isView(item)) {
      const bytes = new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
      return tag('bytes', [...bytes]);
    }
    if (item instanceof ArrayBuffer) return tag('buffer', [...new Uint8Array(item)]);
    return tag(
      'object',
      Object.entries(item).map(([key, entry]) => [key, of(entry)]),
    );
  };
  return of(value);
}

export function decode(wire: unknown): unknown {
  if (wire === null || typeof wire !== 'object') return wire;
  if (Array.isArray(wire)) return wire.map(decode);
  const { $: kind, v: content } = wire as { $: string; v: never };
  const entries = (): [unknown, unknown][] =>
    (content as [unknown, unknown][]).map(([key, entry]) => [decode(key), decode(entry)]);
  switch (kind) {
    case 'number':
      return Number(content);
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(content);
    case 'date':
      return new Date(content);
    case 'map':
      return new Map(entries());
    case 'set':
      return new Set((content as unknown[]).map(decode));
    case 'error':
      return Object.assign(new Error(content[1]), { name: content[0] });
    case 'bytes':
      return Uint8Array.from(content);
    case 'buffer':
      return Uint8Array.from(content).buffer;
    case 'object':
      return Object.fromEntries(entries());
    default:
      throw new Error(`expected a value on its way, got ${JSON.stringify(wire).slice(0, 80)}`);
  }
}
