/**
 * Whether a message comes from our page: from the top frame, of our address (point 17 of Electron's checklist). A frame that
 * has gone since has no address any more, and is not trusted.
 */

import { isOurs } from './page.ts';

/** What of a frame is looked at (electron.d.ts: WebFrameMain). */
export interface SenderFrame {
  readonly url: string;
  readonly origin: string;
  readonly parent: unknown;
}

export function isTrustedSender(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOurs(frame.url) && isOurs(frame.origin);
}
