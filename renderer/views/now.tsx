/** Now: what the search does, why it does not, and what can be expected of it. */

import { useState } from 'preact/hooks';
import type { Snooze } from '../../main/contract/bridge.ts';
import type { Now } from '../../main/contract/now.ts';
import { SETTING_TEXTS } from '../../main/contract/settings.ts';
import { useModel } from '../model.ts';
import { Bar } from '../parts/bar.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Figure } from '../parts/figure.tsx';
import { Heading } from '../parts/heading.tsx';
import { Menu } from '../parts/menu.tsx';
import { hashOf } from '../route.ts';
import { ago, count, duration, percent, plural, rate } from '../words/numbers.ts';
import { helpFor, pauseSentence, stageWords, stateWords } from '../words/state.ts';
import { powerOfTwo } from '../words/sureness.ts';
import { isOften, NO_MEMORY, TENTHS, waitingSentence } from '../words/waiting.ts';

export function NowView() {
  const model = useModel();
  const now = model.now.value;
  const { title } = stateWords(now, model.connected.value);
  return (
    <>
      <Heading title={title}>{now && <Controls now={now} />}</Heading>
      {now && <State now={now} />}
      {now?.search && now.progress && <Waiting now={now} />}
      {now && <Figures now={now} />}
      {now?.state === 'running' && <Cores now={now} />}
    </>
  );
}

function Controls({ now }: { now: Now }) {
  const model = useModel();
  const [asking, setAsking] = useState(false);
  const digits = model.settings.value?.digits;
  const paused = now.pauses.some(({ reason }) => helpFor(reason).kind === 'resume');
  const snooze = async (how: Snooze): Promise<void> => {
    const result = await model.bridge.ask('snooze', { how });
    if (!result.ok) model.complain(result.sentence);
  };
  if (now.state === 'ending') return null;
  if (now.state === 'stopped') {
    return (
      <div class="buttons">
        <button type="button" class="main" onClick={() => model.act('resume')}>
          Try again
        </button>
      </div>
    );
  }
  return (
    <div class="buttons">
      {paused ? (
        <button type="button" class="main" onClick={() => model.act('resume')}>
          Resume
        </button>
      ) : (
        <>
          <button type="button" onClick={() => model.act('pause')}>
            Pause
          </button>
          <Menu
            title="Snooze"
            entries={[
              { name: 'For 15 minutes', act: () => snooze('15-minutes') },
              { name: 'For an hour', act: () => snooze('1-hour') },
              { name: 'Until tomorrow', act: () => snooze('tomorrow') },
            ]}
          />
        </>
      )}
      <button type="button" onClick={() => setAsking(true)}>
        New search…
      </button>
      {asking && (
        <Dialog
          title="Begin a new search?"
          confirm="Begin"
          onConfirm={() => model.act('newSearch')}
          onClose={() => setAsking(false)}
        >
          <p>
            It looks for primes of {digits === undefined ? 'the size in the settings' : plural(digits, 'digit')}, with a
            fresh seed. The search so far stays in the store with everything it found, and can be gone on with.
          </p>
        </Dialog>
      )}
    </div>
  );
}

function State({ now }: { now: Now }) {
  const { wall } = useModel();
  const { search, pauses, cores } = now;
  return (
    <section aria-label="State">
      {pauses.length > 0 && (
        <ul class="pauses">
          {pauses.map((pause) => {
            const help = helpFor(pause.reason);
            return (
              <li key={pause.reason}>
                {pauseSentence(pause, wall.value)}{' '}
                {help.kind === 'setting' && (
                  <a href={hashOf({ view: 'settings', at: help.setting })}>
                    Change “{SETTING_TEXTS[help.setting].label}”
                  </a>
                )}
                {help.kind === 'outside' && help.sentence}
              </li>
            );
          })}
        </ul>
      )}
      {search && (
        <p class="lead">
          Primes of <strong>{plural(search.spec.digits, 'digit')}</strong>, each with an error of at most{' '}
          <strong>{powerOfTwo(search.spec.errorLog2)}</strong>, on {plural(cores.used, 'core')} of {cores.of}
          {cores.share < 100 && `, ${cores.share} % of the time`}.
        </p>
      )}
    </section>
  );
}

/** The wait: a sentence, and the same as a picture of ten stretches that are equally likely. */
function Waiting({ now }: { now: Now }) {
  const mean = now.progress?.expectedSecondsToNext ?? null;
  if (mean === null) {
    return (
      <section class="waiting" aria-labelledby="waiting">
        <h2 id="waiting">The next prime</h2>
        <p>The time that it takes is known once the first tests are measured.</p>
      </section>
    );
  }
  return (
    <section class="waiting" aria-labelledby="waiting">
      <h2 id="waiting">The next prime{now.state === 'running' ? '' : ', once it runs'}</h2>
      <p class="large">{waitingSentence(mean)}</p>
      {!isOften(mean) && (
        <>
          <div class="tenths" aria-hidden="true">
            {TENTHS.map((end, i) => (
              <span
                key={end}
                class={i === 4 ? 'half' : undefined}
                style={{ '--from': TENTHS[i - 1] ?? 0, '--to': end }}
              />
            ))}
          </div>
          <p class="note">
            {NO_MEMORY} Each stretch of the strip is as likely as the others, one in ten; in one case of ten it takes
            longer.
          </p>
        </>
      )}
    </section>
  );
}

function Figures({ now }: { now: Now }) {
  const { wall } = useModel();
  const { progress, lastFind, lastCheckpointAt, priority, search } = now;
  return (
    <section aria-labelledby="figures">
      <h2 id="figures" class="unseen">
        Figures
      </h2>
      <dl class="figures">
        {progress && (
          <>
            <Figure name="Found" note={progress.unsaved === null ? 'by this search' : waiting(progress.unsaved)}>
              {plural(progress.found, 'prime')}
            </Figure>
            <Figure name="Tested" note={progress.testsPerSecond === null ? undefined : rate(progress.testsPerSecond)}>
              {count(progress.tested)}
            </Figure>
            <Figure name="CPU time" note={`${duration(progress.cpuSecondsInAll)} of all searches`}>
              {duration(progress.cpuSeconds)}
            </Figure>
          </>
        )}
        <Figure name="Last find" note={lastFind ? plural(lastFind.digits, 'digit') : undefined}>
          {lastFind ? (
            <a href={hashOf({ view: 'prime', number: lastFind.number })}>{ago(lastFind.foundAt, wall.value)}</a>
          ) : (
            'none yet'
          )}
        </Figure>
        <Figure name="Saved">{lastCheckpointAt ? ago(lastCheckpointAt, wall.value) : 'not since this start'}</Figure>
        {search && (
          <Figure name="Kernel" note={search.kernel.why}>
            {search.kernel.kernel}
          </Figure>
        )}
      </dl>
      {priority && <p class={priority.enough ? 'note' : 'note attention'}>{priority.sentence}</p>}
      {progress && progress.arithmeticErrors > 0 && (
        <p class="note attention">
          This computer computed wrongly {plural(progress.arithmeticErrors, 'time')}; it was noticed and put right.
        </p>
      )}
      {progress && progress.setAside > 0 && (
        <p class="note attention">
          {plural(progress.setAside, 'candidate was', 'candidates were')} set aside: the test of it ended unexpectedly
          each time.
        </p>
      )}
    </section>
  );
}

function waiting(unsaved: number): string {
  return unsaved === 0 ? 'saving does not work now' : `saved; ${count(unsaved)} more wait to be`;
}

/** A second is long enough to watch. */
const LONG_TEST = 1;

function Cores({ now }: { now: Now }) {
  const progress = now.progress;
  if (!progress) return null;
  const { workers, testsPerSecond } = progress;
  const long = testsPerSecond !== null && workers.length / testsPerSecond > LONG_TEST;
  return (
    <section aria-labelledby="cores">
      <h2 id="cores">Cores</h2>
      <ul class="cores">
        {workers.map(({ stage, fraction, block, offset, rests }, i) => {
          const name = `Core ${i + 1}`;
          return (
            <li key={i}>
              <span class="core">{name}</span>
              <span class="stage">{rests ? 'Resting' : stageWords(stage)}</span>
              <span class="candidate">
                {stage !== 'idle' && `block ${count(block)}`}
                {offset !== null && `, number ${count(offset)}`}
              </span>
              {long && stage !== 'idle' && (
                <span class="share">
                  <Bar fraction={fraction} label={`${name}: ${stageWords(stage)}`} />
                  {percent(fraction)}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
