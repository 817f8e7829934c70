/**
 * Numbers as people write them: 10^999+7, 2^1279-1, 3*2^2816+1, 37#+1, 77!+1, 0xff, 1 000 007.
 *
 * A recursive-descent parser that computes as it reads. The text may come from anywhere, so the size of every
 * result is estimated before it is computed (9^9^9 and 10000000! are refused in microseconds), and the nesting, the
 * length and the work in all are limited.
 *
 *   sum     = term { ("+" | "-") term }
 *   term    = signed { ("*" | "/") signed }
 *   signed  = "-" signed | power
 *   power   = postfix [ ("^" | "**") signed ]          right-associative: 2^3^2 = 2^9, and -2^2 = -4
 *   postfix = atom { "!" | "#" }                       n! the factorial, n# the product of the primes up to n
 *   atom    = decimal | 0x hexadecimal | "(" sum ")"   with spaces and underscores between digits
 */

import { factorial, log10Of, log10OfFactorial, log10OfPrimorialBound, primorial } from './products.ts';

export type Evaluated =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly problem: string };

export interface ExpressionLimits {
  /** Decimal digits of the result and of everything on the way. */
  readonly digits: number;
  /** Characters of the text. */
  readonly length: number;
  /** Parentheses, signs and exponents inside each other. */
  readonly depth: number;
  /** Digits computed in all, as a multiple of `digits`: about a tenth of a second each at a million digits. */
  readonly work: number;
}

export const EXPRESSION_LIMITS: ExpressionLimits = { digits: 1_000_000, length: 2_000_000, depth: 100, work: 20 };

/**
 * The value of an expression, or one sentence that says what is wrong and where (positions count from 1).
 * @param limits those that differ from EXPRESSION_LIMITS
 */
export function evaluateExpression(text: string, limits: Partial<ExpressionLimits> = {}): Evaluated {
  try {
    return { ok: true, value: new Evaluation(text, { ...EXPRESSION_LIMITS, ...limits }).evaluate() };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

/** What stops an evaluation; its message is the sentence for the user. */
class Problem extends Error {}

const OPERATORS: Readonly<Record<string, string>> = { '×': '*', '·': '*', '−': '-', '÷': '/' };

const SPACE = 32;
/** A visible character of ASCII. */
const isPlain = (code: number): boolean => code > SPACE && code < 127;

class Evaluation {
  private readonly text: string;
  private readonly limits: ExpressionLimits;
  private at = 0;
  private depth = 0;
  private work = 0;

  constructor(text: string, limits: ExpressionLimits) {
    this.text = text;
    this.limits = limits;
  }

  evaluate(): bigint {
    if (this.text.length > this.limits.length) {
      throw new Problem(`The text is too long: ${this.text.length} characters, at most ${this.limits.length}.`);
    }
    if (this.text.trim() === '') throw new Problem('There is no number here: write one such as 10^999+7.');
    const value = this.sum();
    if (this.peek() !== '') throw this.unexpected('an operator or the end');
    return value;
  }

  private sum(): bigint {
    let value = this.term();
    for (;;) {
      const from = this.at;
      if (this.take('+')) value += this.term();
      else if (this.take('-')) value -= this.term();
      else return value;
      this.spend(log10Of(value), from);
    }
  }

  private term(): bigint {
    let value = this.signed();
    for (;;) {
      const from = this.skipSpace();
      if (this.take('*')) {
        const factor = this.signed();
        this.spend(log10Of(value) + log10Of(factor), from);
        value *= factor;
      } else if (this.take('/')) {
        const divisor = this.signed();
        if (divisor === 0n) throw new Problem(`Division by zero at position ${from + 1}.`);
        this.spend(log10Of(value), from);
        if (value % divisor !== 0n) {
          throw new Problem(`The division at position ${from + 1} leaves a remainder: only exact ones are allowed.`);
        }
        value /= divisor;
      } else return value;
    }
  }

  private signed(): bigint {
    return this.take('-') ? this.nested(() => -this.signed()) : this.power();
  }

  private power(): bigint {
    const base = this.postfix();
    const from = this.skipSpace();
    if (!this.take('^') && !this.take('**')) return base;
    const exponent = this.nested(() => this.signed());
    if (exponent < 0n) throw new Problem(`The exponent at position ${from + 2} is negative: the result is no integer.`);
    if (base === 0n || base === 1n || base === -1n) {
      if (exponent === 0n) return 1n;
      return base === -1n && (exponent & 1n) === 0n ? 1n : base;
    }
    this.spend(log10Of(base) * Number(exponent), from);
    return base ** exponent;
  }

  private postfix(): bigint {
    let value = this.atom();
    for (;;) {
      const from = this.skipSpace();
      if (this.take('!')) {
        if (this.text[this.at] === '!') {
          throw new Problem(`Double factorials are not known (position ${from + 1}): write (n!)! if that is meant.`);
        }
        value = this.productTo(value, 'factorial', from);
      } else if (this.take('#')) value = this.productTo(value, 'primorial', from);
      else return value;
    }
  }

  private productTo(value: bigint, kind: 'factorial' | 'primorial', from: number): bigint {
    if (value < 0n) throw new Problem(`The ${kind} at position ${from + 1} is of a negative number.`);
    const n = Number(value);
    this.spend(kind === 'factorial' ? log10OfFactorial(n) : log10OfPrimorialBound(n), from);
    return kind === 'factorial' ? factorial(n) : primorial(n);
  }

  private atom(): bigint {
    const from = this.skipSpace();
    if (this.take('(')) {
      const value = this.nested(() => this.sum());
      if (!this.take(')')) throw this.unexpected('an operator or ")"', ` ("(" at position ${from + 1})`);
      return value;
    }
    const hexadecimal = this.literal(/0[xX][0-9a-fA-F]+(?:[\s_]+[0-9a-fA-F]+)*/y);
    if (hexadecimal !== null) {
      this.spend((hexadecimal.length - 2) * Math.log10(16) - 2, from);
      return BigInt(hexadecimal);
    }
    const decimal = this.literal(/[0-9]+(?:[\s_]+[0-9]+)*/y)?.replace(/^0+(?=.)/, '') ?? null;
    if (decimal === null) throw this.unexpected('a number or "("');
    this.spend(decimal.length - 1, from);
    return BigInt(decimal);
  }

  /** The digits that the pattern finds here, without spaces and underscores; null if it finds none. */
  private literal(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0].replace(/[\s_]+/g, '');
  }

  /** Goes one level deeper for as long as `inner` takes. */
  private nested(inner: () => bigint): bigint {
    if (++this.depth > this.limits.depth) {
      throw new Problem(`The expression is nested too deeply at position ${this.at + 1}.`);
    }
    const value = inner();
    this.depth--;
    return value;
  }

  /** Refuses, before it is computed, what would be 10^log10 or more digits than allowed, in itself or in all. */
  private spend(log10: number, from: number): void {
    const { digits, work } = this.limits;
    if (!(log10 < digits)) {
      const size = log10 < 1e15 ? `about ${Math.floor(log10) + 1} digits` : 'far too many digits';
      throw new Problem(`The number at position ${from + 1} is too large: ${size}, at most ${digits}.`);
    }
    this.work += Math.max(1, log10);
    if (this.work > work * digits) {
      throw new Problem(`The expression takes too much work: stopped at position ${from + 1}.`);
    }
  }

  private unexpected(wanted: string, why = ''): Problem {
    const found = this.peek();
    const shown = found === '' ? 'the end' : JSON.stringify(found);
    return new Problem(`Expected ${wanted} at position ${this.at + 1}, found ${shown}${why}.`);
  }

  private skipSpace(): number {
    for (; this.at < this.text.length; this.at++) {
      // A regular expression for every character would be most of the work: a million took 0.5 s instead of 0.25.
      const code = this.text.charCodeAt(this.at);
      if (isPlain(code) || (code !== SPACE && !/\s/.test(this.text[this.at] as string))) break;
    }
    return this.at;
  }

  /** The next character that is no space, or nothing at the end; look-alikes of operators become the operator. */
  private peek(): string {
    this.skipSpace();
    if (this.at >= this.text.length) return '';
    if (isPlain(this.text.charCodeAt(this.at))) return this.text[this.at] as string;
    const character = String.fromCodePoint(this.text.codePointAt(this.at) as number);
    return OPERATORS[character] ?? character;
  }

  private take(operator: string): boolean {
    if (operator === '**') {
      this.skipSpace();
      if (!this.text.startsWith('**', this.at)) return false;
      this.at += 2;
      return true;
    }
    // "**" is a power, never two multiplications.
    if (this.peek() !== operator || (operator === '*' && this.text.startsWith('**', this.at))) return false;
    this.at++;
    return true;
  }
}
