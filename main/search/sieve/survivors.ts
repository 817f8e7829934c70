/**
 * The bitmap of a block's survivors: bit i & 7 of byte i >> 3 is 1 while the odd number start + 2i survives.
 */

/** A bitmap in which all `count` numbers survive; the bits past the last are 0. */
export function freshSurvivors(count: number): Uint8Array<ArrayBuffer> {
  const survivors = new Uint8Array(Math.ceil(count / 8)).fill(0xff);
  if ((count & 7) !== 0) survivors[survivors.length - 1] = (1 << (count & 7)) - 1;
  return survivors;
}

export function survives(survivors: Uint8Array, index: number): boolean {
  return (((survivors[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

/** The least index of a survivor in [from, to), or −1 where there is none. */
export function nextSurvivor(survivors: Uint8Array, from: number, to: number): number {
  if (from >= to) return -1;
  let at = from >> 3;
  let bits = (survivors[at] ?? 0) & (0xff << (from & 7));
  const last = Math.min((to - 1) >> 3, survivors.length - 1);
  while (bits === 0) {
    if (++at > last) return -1;
    bits = survivors[at] as number;
  }
  const index = 8 * at + 31 - Math.clz32(bits & -bits);
  return index < to ? index : -1;
}

/** How many survivors there are with an index in [from, to). */
export function countSurvivors(survivors: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; ) {
    if ((i & 7) === 0 && to - i >= 8) {
      let byte = survivors[i >> 3] ?? 0;
      byte -= (byte >> 1) & 0x55;
      byte = (byte & 0x33) + ((byte >> 2) & 0x33);
      count += (byte + (byte >> 4)) & 0x0f;
      i += 8;
    } else {
      if (survives(survivors, i)) count++;
      i++;
    }
  }
  return count;
}
