/**
 * Who is let in, by the headers of a request. A page of another site can make a browser ask this server, but not without the
 * browser saying so: in Host, where a name of that site was made to mean this computer (DNS rebinding), in Origin, or in
 * Sec-Fetch-Site. A program without a browser can send any headers; it has no key (keys.ts).
 */

import type { IncomingHttpHeaders } from 'node:http';

/** The only address it listens at; the browser of this computer, or a tunnel's end, asks for it by this name. */
export const LOOPBACK = '127.0.0.1';

/** It asked for this server, by its name. */
export function isForUs(headers: IncomingHttpHeaders, port: number): boolean {
  return headers.host === `${LOOPBACK}:${port}`;
}

/** It may be of our own page, or of somebody who typed its address. */
export function isOurs(headers: IncomingHttpHeaders, port: number): boolean {
  const site = headers['sec-fetch-site'];
  return hasOurOrigin(headers, port, true) && (site === undefined || site === 'same-origin' || site === 'none');
}

/** A WebSocket is opened by a script: its browser says of which page. */
export function isOurSocket(headers: IncomingHttpHeaders, port: number): boolean {
  return hasOurOrigin(headers, port, false);
}

function hasOurOrigin(headers: IncomingHttpHeaders, port: number, orNone: boolean): boolean {
  const { origin } = headers;
  return isForUs(headers, port) && (origin === undefined ? orNone : origin === `http://${LOOPBACK}:${port}`);
}
