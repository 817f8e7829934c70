/** The digits of large numbers as text: in groups to be read, without them to be copied. */

/** Groups of a size, with a space between them. */
export function grouped(digits: string, size: number): string {
  const groups: string[] = [];
  for (let i = 0; i < digits.length; i += size) groups.push(digits.slice(i, i + size));
  return groups.join(' ');
}

/** The whole number when it is short, else its two ends. */
export function abbreviated(digits: string, ends = 12): string {
  return digits.length <= 2 * ends + 6 ? digits : `${digits.slice(0, ends)}…${digits.slice(-ends)}`;
}

export function hexadecimal(decimal: string): string {
  return BigInt(decimal).toString(16);
}
