/** A prime: all its digits, how sure it is and what that assumes, and how anybody can check it again. */

import { useState } from 'preact/hooks';
import type { ShownPrime } from '../../main/contract/library.ts';
import type { PrimeRecord } from '../../main/contract/prime-record.ts';
import { useModel } from '../model.ts';
import { useAnswer } from '../parts/answer.ts';
import { Bar } from '../parts/bar.tsx';
import { Copy } from '../parts/copy.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Digits } from '../parts/digits.tsx';
import { Figure } from '../parts/figure.tsx';
import { Heading } from '../parts/heading.tsx';
import { Menu } from '../parts/menu.tsx';
import { save } from '../parts/save.ts';
import { FIRST_CHOICE, hashOf } from '../route.ts';
import { checkCommands } from '../words/commands.ts';
import { abbreviated, hexadecimal } from '../words/digits.ts';
import { EXPORTS, exported } from '../words/export.ts';
import { at, count, duration, percent, plural } from '../words/numbers.ts';
import { HARDWARE, surenessOf } from '../words/sureness.ts';

export function PrimeView({ number }: { number: number }) {
  const model = useModel();
  const answer = useAnswer('prime', { number }, model.changedHere.value);
  const list = hashOf({ view: 'primes', choice: FIRST_CHOICE });
  const shown = answer?.ok ? answer.value : null;
  return (
    <article class="prime">
      <p class="back">
        <a href={list}>All primes</a>
      </p>
      <Heading title={`Prime number ${count(number)}`}>{shown && <Actions shown={shown} />}</Heading>
      {answer?.ok === false && <p class="error">{answer.sentence}</p>}
      {answer?.ok && answer.value === null && <p>There is no prime with this number.</p>}
      {shown && <Shown shown={shown} />}
    </article>
  );
}

function Actions({ shown: { summary, record } }: { shown: ShownPrime }) {
  const model = useModel();
  const [asking, setAsking] = useState(false);
  const { number } = summary;
  const restore = async (): Promise<void> => {
    const result = await model.bridge.ask('restore', { number });
    if (result.ok) model.changed();
    else model.complain(result.sentence);
  };
  const remove = async (): Promise<void> => {
    const result = await model.bridge.ask('remove', { number });
    if (!result.ok) return model.complain(result.sentence);
    model.changed();
    model.toast.value = { sentence: `Prime number ${count(number)} is removed.`, undo: () => void restore() };
    model.go({ view: 'primes', choice: FIRST_CHOICE });
  };
  return (
    <div class="buttons">
      <Menu
        title="Export"
        entries={EXPORTS.map((format) => ({
          name: `As ${format}`,
          act: () => save(exported(number, record, format)),
        }))}
      />
      {summary.removed ? (
        <button type="button" onClick={restore}>
          Restore
        </button>
      ) : (
        <button type="button" onClick={() => setAsking(true)}>
          Delete…
        </button>
      )}
      {asking && (
        <Dialog title="Delete this prime?" confirm="Delete" onConfirm={remove} onClose={() => setAsking(false)}>
          <p>
            It leaves the table and the challenge. It stays in the store, so it can be restored at any time: choose
            “Only removed ones” among the primes.
          </p>
        </Dialog>
      )}
    </div>
  );
}

function Shown({ shown: { summary, record } }: { shown: ShownPrime }) {
  return (
    <>
      <p class="lead">
        {summary.removed && 'Removed. '}A {record.verdict} of <strong>{plural(record.digits, 'digit')}</strong> (
        {plural(record.bits, 'bit')}), found on {at(record.foundAt)}.
      </p>
      <section aria-labelledby="all-digits">
        <div class="section-head">
          <h2 id="all-digits">Digits</h2>
          <Copy text={() => record.decimal} what="all digits">
            Copy
          </Copy>
        </div>
        <Digits digits={record.decimal} label="All digits" />
        <Hexadecimal decimal={record.decimal} />
      </section>
      <HowSure record={record} />
      <Again shown={{ summary, record }} />
      <section aria-labelledby="history">
        <h2 id="history">How it was found</h2>
        <dl class="figures">
          <Figure name="CPU time" note="since the find before">
            {duration(record.cpuSeconds)}
          </Figure>
          <Figure name="On the clock">{duration(record.wallSeconds)}</Figure>
          <Figure name="Place" note={`of search ${record.searchId}`}>
            block {count(record.block)}, number {count(record.offset)}
          </Figure>
          <Figure name="Kernels">{record.kernels.join(', ')}</Figure>
          <Figure name="Computer">{record.host}</Figure>
          <Figure name="Program">nice19 {record.version}</Figure>
        </dl>
      </section>
    </>
  );
}

function Hexadecimal({ decimal }: { decimal: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Hexadecimal</summary>
      {open && (
        <>
          <Digits digits={hexadecimal(decimal)} label="Hexadecimal digits" group={8} />
          <Copy text={() => hexadecimal(decimal)} what="hexadecimal digits">
            Copy
          </Copy>
        </>
      )}
    </details>
  );
}

function HowSure({ record }: { record: PrimeRecord }) {
  const [open, setOpen] = useState(false);
  const certain = record.worstCaseLog2 === null;
  return (
    <section aria-labelledby="sure" class="sure">
      <h2 id="sure">How sure</h2>
      <dl>
        {surenessOf(record).map(({ title, statement, assumes }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              {statement} <span class="soft">{assumes}</span>
            </dd>
          </div>
        ))}
      </dl>
      {!certain && <p class="note">{HARDWARE}</p>}
      {record.bases.length > 0 && (
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>The {count(record.bases.length)} bases</summary>
          {open && (
            <>
              <ol class="bases">
                {record.bases.map((base) => (
                  <li key={base}>{abbreviated(base)}</li>
                ))}
              </ol>
              <Copy text={() => record.bases.join('\n')} what="all bases, in hexadecimal">
                Copy all
              </Copy>
            </>
          )}
        </details>
      )}
    </section>
  );
}

function Again({ shown: { summary, record } }: { shown: ShownPrime }) {
  const model = useModel();
  const { number, verifiedAt } = summary;
  const check = model.checks.value.get(number);
  const running = check === 'running';
  const told = model.rechecking.value;
  const fraction = told?.number === number ? told.fraction : 0;
  return (
    <section aria-labelledby="again">
      <h2 id="again">Check again</h2>
      <p class="measured">
        {verifiedAt === null
          ? 'It was not checked again since it was found.'
          : `It was last checked on ${at(verifiedAt)}.`}{' '}
        Checking here uses another implementation than the one that found it.
      </p>
      <div class="check-again">
        <button type="button" disabled={running} onClick={() => model.recheck(number)}>
          Check again
        </button>
        {running && (
          <>
            <Bar fraction={fraction} label="Checking" />
            <span class="note">{percent(fraction)}</span>
          </>
        )}
        <p role="status">
          {running && <span class="unseen">Checking.</span>}
          {check !== undefined &&
            check !== 'running' &&
            (check.ok
              ? `${check.value.passed ? 'Passed' : 'FAILED: this number is not prime'}. ${check.value.sentence} It took ${duration(check.value.cpuSeconds)} of CPU time.`
              : check.sentence)}
        </p>
      </div>
      <h3>Anywhere else</h3>
      <ul class="commands">
        {checkCommands(record.decimal).map(({ program, line, says }) => (
          <li key={program}>
            <span class="program">{program}</span>
            <code>{abbreviated(line, 34)}</code>
            <Copy text={() => line} what={`the command for ${program}`}>
              Copy
            </Copy>
            <span class="note says">{says}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
