/** The frame around every view: the way between them, what has to be known everywhere, and the view itself. */

import { type ReadonlySignal, useComputed } from '@preact/signals';
import { useModel } from './model.ts';
import { Later } from './parts/later.tsx';
import { Notices } from './parts/notices.tsx';
import { FIRST_CHOICE, hashOf, type Route } from './route.ts';
import { ChallengeView } from './views/challenge.tsx';
import { FirstStart } from './views/first-start.tsx';
import { NowView } from './views/now.tsx';
import { PrimeView } from './views/prime.tsx';
import { PrimesView } from './views/primes.tsx';
import { SettingsView } from './views/settings.tsx';
import { stateWords } from './words/state.ts';

const PLACES: readonly { readonly title: string; readonly route: Route }[] = [
  { title: 'Now', route: { view: 'now' } },
  { title: 'Primes', route: { view: 'primes', choice: FIRST_CHOICE } },
  { title: 'Challenge', route: { view: 'challenge' } },
  { title: 'History', route: { view: 'history' } },
  { title: 'Settings', route: { view: 'settings', at: null } },
];

export function Window({ misunderstood }: { misunderstood: ReadonlySignal<string | null> }) {
  const model = useModel();
  const first = useComputed(() => model.about.value?.firstStart ?? false);
  return (
    <>
      {first.value ? (
        <main class="view first-start">
          <FirstStart />
        </main>
      ) : (
        <div class="frame">
          <Places />
          <main class="view" id="view">
            <Notices misunderstood={misunderstood} />
            <View />
          </main>
        </div>
      )}
      <Announcer />
      <ToastBar />
    </>
  );
}

function Places() {
  const model = useModel();
  const here = model.route.value.view;
  const { title, tone } = stateWords(model.now.value, model.connected.value);
  return (
    <header class="places">
      <button type="button" class="skip" onClick={focusHeading}>
        Skip to the view
      </button>
      <p class="name">
        nice<span class="exponent">19</span>
      </p>
      <nav aria-label="Views">
        <ul>
          {PLACES.map(({ title: name, route }) => {
            const current = route.view === here || (route.view === 'primes' && here === 'prime');
            return (
              <li key={name}>
                <a href={hashOf(route)} aria-current={current ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <p class={`lamp ${tone}`}>{title}</p>
    </header>
  );
}

function focusHeading(): void {
  document.querySelector<HTMLElement>('main h1')?.focus();
}

/** The charts come when they are looked at. */
const loadHistory = () => import('./views/history.tsx').then(({ HistoryView }) => HistoryView);

function View() {
  const route = useModel().route.value;
  switch (route.view) {
    case 'now':
      return <NowView />;
    case 'primes':
      return <PrimesView choice={route.choice} />;
    case 'prime':
      return <PrimeView key={route.number} number={route.number} />;
    case 'challenge':
      return <ChallengeView />;
    case 'history':
      return <Later load={loadHistory} />;
    case 'settings':
      return <SettingsView at={route.at} />;
  }
}

/** What screen readers are told without being asked. */
function Announcer() {
  const { announced } = useModel();
  return (
    <div class="unseen">
      <p role="status">{announced.state}</p>
      <p role="status">{announced.find}</p>
    </div>
  );
}

function ToastBar() {
  const { toast } = useModel();
  const told = toast.value;
  return (
    <div class="toast-place" role="alert">
      {told && (
        <div class="toast">
          <p>{told.sentence}</p>
          {told.undo && (
            <button
              type="button"
              onClick={() => {
                toast.value = null;
                told.undo?.();
              }}
            >
              Undo
            </button>
          )}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              toast.value = null;
            }}
          >
            Close
          </button>
        </div>
      )}
    </div>
  );
}
