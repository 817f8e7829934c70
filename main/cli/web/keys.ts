/**
 * Who may see the window. The printed address has a token that is good for once; it is exchanged for a session. A session has two
 * halves: a cookie that no script can read, and a key that only pages of this very address and port can. The cookie alone would
 * not do: browsers send it to every port of the host, so also to another user's server on this computer.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Session {
  readonly cookie: string;
  readonly key: string;
}

/** Browsers in which it can be open; another one ends the oldest. */
const MOST_SESSIONS = 20;
/** Printed addresses that nobody has opened yet. */
const MOST_TOKENS = 20;

export class Keys {
  /** Digests: what is compared tells nothing by the time it takes. */
  readonly #tokens: Buffer[] = [];
  readonly #sessions: { readonly cookie: Buffer; readonly key: Buffer }[] = [];

  newToken(): string {
    const token = secret();
    this.#tokens.push(digest(token));
    if (this.#tokens.length > MOST_TOKENS) this.#tokens.shift();
    return token;
  }

  /** @returns null for a token that was never given, or was used */
  exchange(token: string): Session | null {
    const given = digest(token);
    const at = this.#tokens.findIndex((known) => timingSafeEqual(known, given));
    if (at < 0) return null;
    this.#tokens.splice(at, 1);
    const session = { cookie: secret(), key: secret() };
    this.#sessions.push({ cookie: digest(session.cookie), key: digest(session.key) });
    if (this.#sessions.length > MOST_SESSIONS) this.#sessions.shift();
    return session;
  }

  /** Good for the files of the page, which are no secret. */
  knowsCookie(cookie: string): boolean {
    const given = digest(cookie);
    return this.#sessions.some((session) => timingSafeEqual(session.cookie, given));
  }

  /** Both halves of one session. */
  knows({ cookie, key }: Session): boolean {
    const [givenCookie, givenKey] = [digest(cookie), digest(key)];
    return this.#sessions.some(
      (session) => timingSafeEqual(session.cookie, givenCookie) && timingSafeEqual(session.key, givenKey),
    );
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
