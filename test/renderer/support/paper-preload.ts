/** Put into the page before its own script: the paper host in the place of Electron's preload. */

import { paperHost, type Scenario, type Tell } from './paper-host.ts';

const { scenario } = globalThis as unknown as { scenario: Scenario };
const listeners = new Set<Tell>();
const send = paperHost(scenario, (message) => {
  for (const listener of listeners) listener(structuredClone(message));
});

Object.assign(globalThis, {
  nice19: {
    send: (message: never) => send(structuredClone(message)),
    onMessage: (listener: Tell) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  },
});
