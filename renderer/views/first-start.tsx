/** First start: one page that says what it will do and asks the three things worth asking. Then it runs. */

import { useId, useState } from 'preact/hooks';
import { DEFAULT_SETTINGS } from '../../main/contract/settings.ts';
import { useModel } from '../model.ts';
import { CoresChoice } from '../parts/cores-choice.tsx';
import { Heading } from '../parts/heading.tsx';
import { SizeSlider } from '../parts/size-slider.tsx';

export function FirstStart() {
  const model = useModel();
  const about = model.about.value;
  const login = model.loginItem.value;
  const [digits, setDigits] = useState(model.settings.value?.digits ?? DEFAULT_SETTINGS.digits);
  const [cores, setCores] = useState<number | null>(model.settings.value?.cores ?? null);
  const [startAtLogin, setStartAtLogin] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [beginning, setBeginning] = useState(false);
  const id = useId();
  if (about === null) return null;
  const begin = async (): Promise<void> => {
    setBeginning(true);
    const result = await model.bridge.ask('begin', { settings: { digits, cores }, startAtLogin });
    if (result.ok) await model.refresh();
    else setProblem(result.sentence);
    setBeginning(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <p class="name">
        nice<span class="exponent">19</span>
      </p>
      <Heading title="Spare time into primes" />
      <div class="lead">
        <p>
          nice19 looks for large prime numbers while your computer has nothing better to do. It runs at the lowest
          priority there is, so other programs hardly notice it, and pauses on battery.
        </p>
        <p>
          It saves its work every few minutes and goes on after a crash, a restart or a power cut. It uses no network.
          Everything stays in one folder on this computer.
        </p>
      </div>
      <div class="choice">
        <h2 id={`${id}-digits`}>How large?</h2>
        <SizeSlider
          digits={digits}
          cores={cores ?? about.cores}
          cpuShare={100}
          labelledBy={`${id}-digits`}
          onChange={setDigits}
        />
      </div>
      <div class="choice inline-field">
        <label for={`${id}-cores`}>How many cores?</label>
        <CoresChoice
          id={`${id}-cores`}
          cores={cores}
          of={about.cores}
          none={`All ${about.cores}`}
          onChange={setCores}
        />
      </div>
      <div class="choice">
        <label class="check">
          <input
            type="checkbox"
            checked={startAtLogin}
            disabled={login === null || login.state === 'unavailable'}
            aria-describedby={`${id}-login`}
            onChange={({ currentTarget }) => setStartAtLogin(currentTarget.checked)}
          />
          <span>Start when I log in</span>
        </label>
        <p class="note" id={`${id}-login`}>
          {login?.sentence}
        </p>
      </div>
      <div class="buttons">
        <button type="submit" class="main" disabled={beginning}>
          Begin
        </button>
      </div>
      <p class="error" role="alert">
        {problem}
      </p>
      <p class="note">All of this, and more, can be changed at any time in the settings.</p>
    </form>
  );
}
