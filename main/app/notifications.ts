/** Announcements on the desktop, quiet ones. Whether and when is the host's policy; a click shows the primes. */

import type { Notification as ElectronNotification, NotificationConstructorOptions } from 'electron';
import type { Notification, Notifier } from '../host/edges.ts';

/** As many are kept as a desktop shows; one that nobody holds any more may lose its click. */
const KEPT = 5;

export interface NotificationEdges {
  readonly isSupported: () => boolean;
  readonly make: (options: NotificationConstructorOptions) => ElectronNotification;
  readonly icon: string;
  readonly platform: NodeJS.Platform;
}

export function notifier(edges: NotificationEdges, clicked: () => void): Notifier {
  const kept: ElectronNotification[] = [];
  return {
    show({ title, body }: Notification) {
      if (!edges.isSupported()) return;
      // elsewhere the system shows the app's own icon
      const icon = edges.platform === 'linux' ? { icon: edges.icon } : {};
      const shown = edges.make({ title, body, silent: true, ...icon });
      shown.on('click', clicked);
      kept.push(shown);
      if (kept.length > KEPT) kept.shift();
      shown.show();
    },
  };
}
