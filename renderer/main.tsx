/** The window: takes the bridge that is there, and shows what it tells. */

import { signal } from '@preact/signals';
import { render } from 'preact';
import { createClient, type Transport } from './bridge/client.ts';
import { type Preload, preloadTransport } from './bridge/preload.ts';
import { browserEdges, socketTransport } from './bridge/socket.ts';
import { createModel, ModelProvider } from './model.ts';
import { Window } from './window.tsx';

function transport(): Transport {
  const { nice19 } = window as { nice19?: Preload };
  return nice19 ? preloadTransport(nice19) : socketTransport(browserEdges(location, localStorage));
}

const misunderstood = signal<string | null>(null);
const bridge = createClient(transport(), (sentence) => {
  misunderstood.value = sentence;
});
const model = createModel(bridge, {
  wall: () => Date.now(),
  steady: () => performance.now(),
  after: (milliseconds, call) => setTimeout(call, milliseconds),
  every(milliseconds, call) {
    const timer = setInterval(call, milliseconds);
    return () => clearInterval(timer);
  },
  location,
  history,
  document,
  listen: (name, listener) => (name === 'hashchange' ? window : document).addEventListener(name, listener),
});

render(
  <ModelProvider value={model}>
    <Window misunderstood={misunderstood} />
  </ModelProvider>,
  document.getElementById('window') as HTMLElement,
);
