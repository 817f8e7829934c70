/** History: what was found and done over time, as charts, each with its table. */

import { useMemo, useState } from 'preact/hooks';
import { HISTORY_RANGES, type HistoryPoint } from '../../main/contract/library.ts';
import { useModel } from '../model.ts';
import { useAnswer } from '../parts/answer.ts';
import { Chart, type Series } from '../parts/chart.tsx';
import { Heading } from '../parts/heading.tsx';
import {
  axisTime,
  cumulative,
  pausesByReason,
  RANGE_NAMES,
  type Range,
  stretchLength,
  stretchName,
  testsPerSecond,
} from '../words/history.ts';
import { count, day, duration, rate, rough } from '../words/numbers.ts';
import { PAUSE_NAMES } from '../words/state.ts';

/** The history is looked at again so often, in milliseconds. */
const MINUTE = 60_000;

export function HistoryView() {
  const model = useModel();
  const [range, setRange] = useState<Range>('month');
  const answer = useAnswer('history', { range }, Math.floor(model.wall.value / MINUTE));
  const history = answer?.ok ? answer.value : null;
  return (
    <>
      <Heading title="History">
        <fieldset class="ranges">
          <legend class="unseen">How far back</legend>
          {HISTORY_RANGES.map((name) => (
            <label key={name}>
              <input type="radio" name="range" checked={range === name} onChange={() => setRange(name)} />
              <span>{RANGE_NAMES[name]}</span>
            </label>
          ))}
        </fieldset>
      </Heading>
      {answer?.ok === false && <p class="error">{answer.sentence}</p>}
      {history?.since && <p class="lead">The first search of this folder began on {day(history.since)}.</p>}
      {history && history.points.length === 0 && <p class="empty">Nothing was done yet in this time.</p>}
      {history && history.points.length > 0 && <Charts range={range} points={history.points} />}
    </>
  );
}

function Charts({ range, points }: { range: Range; points: readonly HistoryPoint[] }) {
  const each = stretchLength(points);
  const found = useMemo(() => cumulative(points.map((point) => point.found)), [points]);
  const expected = useMemo(() => cumulative(points.map((point) => point.expected)), [points]);
  const cpuHours = useMemo(() => points.map((point) => point.cpuSeconds / 3600), [points]);
  return (
    <>
      <Charted
        title="Finds, and what the tests would bring on average"
        range={range}
        points={points}
        shape="line"
        series={[
          { name: 'Found', look: 'main', values: found, text: count },
          { name: 'Expected', look: 'beside', values: expected, text: rough },
        ]}
        axisText={count}
      />
      <Charted
        title={`CPU time ${each}`}
        range={range}
        points={points}
        shape="bars"
        series={[{ name: 'CPU time', look: 'main', values: cpuHours, text: hoursInWords }]}
        axisText={(hours) => (hours === 0 ? '0' : `${rough(hours)} h`)}
      />
      <Charted
        title="Tests a second, while it ran"
        range={range}
        points={points}
        shape="line"
        series={[{ name: 'Tests', look: 'main', values: points.map(testsPerSecond), text: rate }]}
        axisText={rough}
      />
      <Charted
        title={`Checkpoints ${each}`}
        range={range}
        points={points}
        shape="bars"
        series={[{ name: 'Checkpoints', look: 'main', values: points.map((point) => point.checkpoints), text: count }]}
        axisText={count}
      />
      <Pauses points={points} />
    </>
  );
}

const hoursInWords = (hours: number): string => duration(3600 * hours);

interface ChartedProps {
  readonly title: string;
  readonly range: Range;
  readonly points: readonly HistoryPoint[];
  readonly shape: 'line' | 'bars';
  readonly series: readonly (Series & { readonly text: (value: number) => string })[];
  readonly axisText: (value: number) => string;
}

function Charted({ title, range, points, shape, series, axisText }: ChartedProps) {
  const [open, setOpen] = useState(false);
  const times = useMemo(() => points.map(({ at }) => Date.parse(at) / 1000), [points]);
  return (
    <section class="charted" aria-label={title}>
      <div class="section-head">
        <h2>{title}</h2>
        {series.length > 1 && (
          <ul class="legend">
            {series.map(({ name, look }) => (
              <li key={name} class={look}>
                {name}
              </li>
            ))}
          </ul>
        )}
      </div>
      <Chart
        label={`Chart: ${title}. Its table follows.`}
        times={times}
        series={useMemo(() => [...series], [points])}
        shape={shape}
        timeText={(seconds) => axisTime(range, seconds)}
        valueText={axisText}
      />
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>Table</summary>
        {open && (
          // biome-ignore lint/a11y/useSemanticElements: it is not a form
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled, also by keyboard
          <div class="scrolled-table" role="group" aria-label={`Table: ${title}`} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">From</th>
                  {series.map(({ name }) => (
                    <th scope="col" key={name}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {points.map((point, i) => (
                  <tr key={point.at}>
                    <th scope="row">{stretchName(point)}</th>
                    {series.map(({ name, values, text }) => (
                      <td key={name}>{cell(values[i] ?? null, text)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </details>
    </section>
  );
}

function cell(value: number | null, text: (value: number) => string): string {
  return value === null ? '–' : text(value);
}

/** A table that is its own chart. */
function Pauses({ points }: { points: readonly HistoryPoint[] }) {
  const pauses = pausesByReason(points);
  const longest = pauses[0]?.seconds ?? 1;
  return (
    <section aria-labelledby="pauses-title">
      <h2 id="pauses-title">Pauses by reason</h2>
      {pauses.length === 0 ? (
        <p>It was not paused in this time.</p>
      ) : (
        <table class="pauses-table">
          <thead class="unseen">
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {pauses.map(({ reason, seconds }) => (
              <tr key={reason}>
                <th scope="row">{PAUSE_NAMES[reason]}</th>
                <td>
                  <span class="length" style={{ '--share': seconds / longest }} />
                  {duration(seconds)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {pauses.length > 1 && <p class="note">A second with two reasons counts for both.</p>}
    </section>
  );
}
