/**
 * What others wrote, as part of a sentence for the user: files, command lines and other programs' messages can be of any
 * length and hold anything, and a terminal obeys control characters.
 */

/** Characters of a quotation. */
const LONGEST_QUOTATION = 40;

/** The text in quotation marks, its beginning where it is long. */
export function quoted(text: string): string {
  // JSON leaves those from U+007F to U+009F as they are; a terminal takes U+009B for the beginning of a command.
  return JSON.stringify(beginning(text, LONGEST_QUOTATION)).replace(/\p{Cc}/gu, escaped);
}

const escaped = (control: string): string => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The text without control characters and line ends. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** The first characters, and a sign that there were more. */
export function beginning(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
