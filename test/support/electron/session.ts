/**
 * Sessions: protocols that the app serves itself, what it permits, and what it lets through. Nothing here opens a
 * connection: whatever is not served by the app is refused.
 */

import { EventEmitter } from 'node:events';
import { complete } from './complete.ts';
import { changed, shows } from './desktop.ts';

type Serve = (request: GlobalRequest) => GlobalResponse | Promise<GlobalResponse>;
type BeforeRequest = (
  details: Electron.OnBeforeRequestListenerDetails,
  callback: (response: Electron.CallbackResponse) => void,
) => void;

const privileged = new Set<string>();
const refused: string[] = [];
shows('refusedRequests', () => refused);

export function refuseRequest(url: string): void {
  refused.push(url);
  changed();
}

class StandInProtocol
  implements Pick<Electron.Protocol, 'handle' | 'unhandle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged'>
{
  private readonly schemes = new Map<string, Serve>();

  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    for (const { scheme, privileges } of schemes) {
      // without these Chromium gives the pages no origin, no fetch and no secure context
      if (privileges?.standard && privileges.secure) privileged.add(scheme);
    }
  }

  handle(scheme: string, handler: Serve): void {
    if (this.schemes.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    this.schemes.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    this.schemes.delete(scheme);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.schemes.has(scheme);
  }

  handlerOf(scheme: string): Serve | undefined {
    return this.schemes.get(scheme);
  }
}

class StandInWebRequest implements Pick<Electron.WebRequest, 'onBeforeRequest'> {
  private listener: BeforeRequest | null = null;

  onBeforeRequest(...given: [Electron.WebRequestFilter, BeforeRequest | null] | [BeforeRequest | null]): void {
    if (given.length > 1 && JSON.stringify(given[0]) !== '{"urls":["<all_urls>"]}') {
      throw new Error('The Electron stand-in filters no requests by address: listen to <all_urls>.');
    }
    this.listener = given.at(-1) as BeforeRequest | null;
  }

  /** @returns whether the app lets it through */
  lets(details: Pick<Electron.OnBeforeRequestListenerDetails, 'url' | 'method' | 'resourceType'>): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.listener === null) return resolve(true);
      this.listener(complete('OnBeforeRequestListenerDetails', details), ({ cancel }) => resolve(cancel !== true));
    });
  }
}

export class StandInSession
  extends EventEmitter
  implements
    Pick<
      Electron.Session,
      | 'setPermissionRequestHandler'
      | 'setPermissionCheckHandler'
      | 'setDevicePermissionHandler'
      | 'setDisplayMediaRequestHandler'
      | 'setCertificateVerifyProc'
      | 'setSpellCheckerEnabled'
      | 'setUSBProtectedClassesHandler'
      | 'setBluetoothPairingHandler'
      | 'isPersistent'
    >
{
  readonly protocol = new StandInProtocol();
  /** What the app has this object for. */
  readonly whole: Electron.Session = complete('session', this);
  readonly webRequest = new StandInWebRequest();
  private readonly partition: string;
  private request: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null;
  private check: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;

  constructor(partition: string) {
    super();
    this.partition = partition;
  }

  isPersistent(): boolean {
    return this.partition === '' || this.partition.startsWith('persist:');
  }

  setPermissionRequestHandler(handler: typeof this.request): void {
    this.request = handler;
  }

  setPermissionCheckHandler(handler: typeof this.check): void {
    this.check = handler;
  }

  setDevicePermissionHandler(): void {}
  setDisplayMediaRequestHandler(): void {}
  setUSBProtectedClassesHandler(): void {}
  setBluetoothPairingHandler(): void {}
  setSpellCheckerEnabled(): void {}

  /** No certificate ever comes: there are no connections. */
  setCertificateVerifyProc(): void {}

  /** What the app answers for a permission, asked as Chromium does: the check first, then the request. */
  async permits(contents: Electron.WebContents, permission: string, origin: string): Promise<boolean> {
    const { check, request } = this;
    const details = { isMainFrame: true, requestingUrl: origin, securityOrigin: origin };
    if (check !== null && !check(contents, permission as never, origin, details as never)) return false;
    if (request === null) return true;
    return await new Promise((resolve) => request(contents, permission as never, resolve, details as never));
  }

  /** The app's answer to a request, null when nobody in the app serves it. */
  async serve(request: GlobalRequest, resourceType: string): Promise<GlobalResponse | null> {
    const { url, method } = request;
    if (!(await this.webRequest.lets({ url, method, resourceType: resourceType as never }))) return null;
    const scheme = new URL(url).protocol.slice(0, -1);
    const handler = this.protocol.handlerOf(scheme);
    if (handler === undefined || !privileged.has(scheme)) return null;
    return await handler(request);
  }
}

const sessions = new Map<string, StandInSession>();

export function standInSession(partition: string): StandInSession {
  const session = sessions.get(partition) ?? new StandInSession(partition);
  sessions.set(partition, session);
  return session;
}

/** The session that a page was given, by itself or by its partition. */
export function sessionFor({ session, partition = '' }: Electron.WebPreferences): StandInSession {
  return [...sessions.values()].find(({ whole }) => whole === session) ?? standInSession(partition);
}

export const session = {
  get defaultSession() {
    return standInSession('').whole;
  },
  fromPartition: (partition: string) => standInSession(partition).whole,
} satisfies Pick<typeof Electron.session, 'defaultSession' | 'fromPartition'>;

export const protocol = standInSession('').protocol;
