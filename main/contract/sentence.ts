/**
 * What others wrote, as part of a sentence for the user: files, command lines and other programs' messages can be of any
 * length and hold anything, and a terminal obeys control characters.
 */

/** Characters of a quotation. */
const LONGEST_QUOTATION = 40;

/** The text in quotation marks, its beginning where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(beginning(text, LONGEST_QUOTATION));
}

/** The text without control characters and line ends. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** The first characters, and a sign that there were more. */
export function beginning(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
