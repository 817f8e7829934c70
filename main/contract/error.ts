/**
 * The stated error of a search as a person writes it: 2^-80, 1e-24, 10^-24 or 0.0001. It is the worst-case bound
 * that the Rabin rounds have to reach.
 */

import { quoted } from './sentence.ts';

/** An error as its base-2 logarithm, or one sentence that says what is wrong. */
export type ParsedError =
  | { readonly ok: true; readonly errorLog2: number }
  | { readonly ok: false; readonly problem: string };

export interface ErrorRange {
  /** Logarithms to base 2: the largest error taken, and the smallest. */
  readonly largestLog2: number;
  readonly smallestLog2: number;
}

/** From the setting of 1988 (20 rounds) to what cryptography asks of its strictest keys (64 rounds). */
export const SEARCH_ERRORS: ErrorRange = { largestLog2: -40, smallestLog2: -128 };

const POWER = /^(2|10)\s*(?:\^|\*\*)\s*\(?\s*[-\u2212]\s*(\d{1,6})\s*\)?$/;
const DECIMAL = /^(\d*)(?:\.(\d*))?(?:e([-+]?\d{1,6}))?$/i;

/**
 * Reads an error. Decimal numbers are read digit by digit, so that 1e-400 is small and not 0.
 * @param range what is accepted; a search's range if not given
 */
export function parseError(text: string, range: ErrorRange = SEARCH_ERRORS): ParsedError {
  const errorLog2 = readLog2(text.trim());
  const shown = quoted(text);
  const between = `from 2^${range.largestLog2} to 2^${range.smallestLog2}`;
  if (errorLog2 === null) {
    return { ok: false, problem: `The error ${shown} is not a probability: write it as 2^-80 or 1e-24, ${between}.` };
  }
  if (errorLog2 > range.largestLog2) {
    return { ok: false, problem: `The error ${shown} is too large: it must be ${between}.` };
  }
  if (errorLog2 < range.smallestLog2) {
    const why = 'a smaller one would mean nothing, faults of the hardware are likelier';
    return { ok: false, problem: `The error ${shown} is too small: it must be ${between} (${why}).` };
  }
  return { ok: true, errorLog2 };
}

/** The logarithm of a positive number; null if the text is none. */
function readLog2(text: string): number | null {
  const power = POWER.exec(text);
  if (power !== null) return -Number(power[2]) * (power[1] === '2' ? 1 : Math.log2(10));
  const decimal = DECIMAL.exec(text);
  if (decimal === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = decimal;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return null;
  const leading = Number(`0.${digits.slice(0, 20)}`);
  return Math.log2(leading) + (digits.length - fraction.length + Number(exponent)) * Math.log2(10);
}
