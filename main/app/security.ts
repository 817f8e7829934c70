/**
 * What nobody may do with the window, whatever gets into it: go elsewhere, open windows, ask for anything, reach the network.
 * The points of Electron's checklist are listed in docs/security.md with where each is kept; this file and window.ts keep most.
 */

import type { App, Session, WebContents } from 'electron';
import type { Log } from '../host/edges.ts';
import { isOurs } from './page.ts';

/** The one permission that the page has: to write what the user copies. */
const PERMITTED = 'clipboard-sanitized-write';

/**
 * Chromium's own reasons to use the network, switched off; and no name of any host resolves, should one be left.
 * Each is [switch, value].
 */
export const SWITCHES: readonly (readonly [string, string])[] = [
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['disable-background-networking', ''],
  ['disable-component-update', ''],
  ['disable-domain-reliability', ''],
  ['disable-sync', ''],
  ['dns-prefetch-disable', ''],
  ['no-pings', ''],
  // the search for a proxy is a network request too
  ['no-proxy-server', ''],
];

/** Before `ready`. */
export function lockNetwork(app: Pick<App, 'commandLine' | 'enableSandbox'>): void {
  app.enableSandbox();
  for (const [name, value] of SWITCHES) {
    if (value === '') app.commandLine.appendSwitch(name);
    else app.commandLine.appendSwitch(name, value);
  }
}

/** Every page there ever is, also one that nobody meant to make. */
export function guardContents(app: Pick<App, 'on'>, log: Log): void {
  app.on('web-contents-created', (_, contents) => guard(contents, log));
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, decide) => {
    event.preventDefault();
    decide(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, choose) => {
    event.preventDefault();
    choose();
  });
}

function guard(contents: WebContents, log: Log): void {
  const refuse = (what: string) => (event: { preventDefault(): void; readonly url?: string }) => {
    event.preventDefault();
    log(`Refused: the page wanted to ${what} ${event.url ?? ''}`);
  };
  contents.setWindowOpenHandler(({ url }) => {
    log(`Refused: the page wanted to open a window for ${url}`);
    return { action: 'deny' };
  });
  // the page is loaded by us; the views in it are behind the # of its address
  contents.on('will-navigate', refuse('go to'));
  contents.on('will-frame-navigate', refuse('go, in a frame, to'));
  contents.on('will-redirect', refuse('be sent on to'));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log('Refused: the page wanted to show another page in a webview');
  });
  // peer connections would go past the rules for requests: without a proxy, this leaves them no way
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}

/** @param developing the developer tools may load their own pages */
export function isAllowedRequest(url: string, developing: boolean): boolean {
  if (isOurs(url)) return true;
  // what the page made itself; its policy says where it may use them
  if (url.startsWith('data:')) return true;
  if (url.startsWith('blob:')) return isOurs(url.slice('blob:'.length));
  return developing && url.startsWith('devtools://');
}

/** @param developing the developer tools may load their own pages */
export function guardSession(session: Session, log: Log, developing: boolean): void {
  session.webRequest.onBeforeRequest((details, decide) => {
    const allowed = isAllowedRequest(details.url, developing);
    if (!allowed) log(`Refused: a request to ${details.url}`);
    decide({ cancel: !allowed });
  });
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    decide(permission === PERMITTED && isOurs(details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === PERMITTED && isOurs(origin));
  session.setDevicePermissionHandler(() => false);
  // nothing is loaded over TLS; a certificate that turns up is wrong
  session.setCertificateVerifyProc((_, decide) => decide(-2));
  // a spelling dictionary would be downloaded
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event, item) => {
    // what the user exports is made in the page, and saved where the system's dialog says
    const url = item.getURL();
    if (url.startsWith('blob:') && isAllowedRequest(url, false)) return;
    event.preventDefault();
    log(`Refused: a download of ${url}`);
  });
}
