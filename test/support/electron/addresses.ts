/**
 * Chromium alone does not know the app's own scheme: `nice19://app/x` is `https://app.nice19.invalid/x` in it, a secure
 * origin that no server can have (RFC 2606). All requests are caught before the network, so nothing ever asks for it.
 */

const SUFFIX = '.invalid';

export function toChromium(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  if (protocol === 'https:' || protocol === 'http:' || protocol === 'about:' || protocol === 'data:') return url;
  return `https://${host}.${protocol.slice(0, -1)}${SUFFIX}${pathname}${search}${hash}`;
}

export function fromChromium(url: string): string {
  const match = /^https:\/\/([^/]*)\.([a-z][a-z0-9+-]*)\.invalid(\/[\s\S]*)?$/.exec(url);
  return match ? `${match[2]}://${match[1]}${match[3] ?? ''}` : url;
}

/** As `senderFrame.origin` has it. */
export function originOf(url: string): string {
  const { protocol, host, origin } = new URL(url);
  return origin === 'null' && host !== '' ? `${protocol}//${host}` : origin;
}
