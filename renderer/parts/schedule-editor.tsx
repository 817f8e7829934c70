/** The weekly schedule: times in which it may search, each with its days. */

import { useState } from 'preact/hooks';
import { type ScheduleEntry, WEEKDAYS } from '../../main/contract/settings.ts';
import { clock } from '../words/numbers.ts';

interface Props {
  readonly id: string;
  readonly schedule: readonly ScheduleEntry[];
  readonly onChange: (schedule: ScheduleEntry[]) => void;
}

/** Evenings and nights of working days: the commonest wish. */
const USUAL: ScheduleEntry = {
  days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
  from: 18 * 60,
  to: 8 * 60,
};
const DAY = 24 * 60;

export function ScheduleEditor({ id, schedule, onChange }: Props) {
  return (
    <div class="schedule-editor">
      {schedule.length === 0 && <p>At any time.</p>}
      {schedule.map((entry, i) => (
        <Entry
          key={`${i} of ${schedule.length}`}
          name={`Time ${i + 1}`}
          entry={entry}
          onChange={(changed) => onChange(schedule.map((other, j) => (j === i ? changed : other)))}
          onRemove={() => onChange(schedule.filter((_, j) => j !== i))}
        />
      ))}
      <button type="button" id={id} onClick={() => onChange([...schedule, USUAL])}>
        Add a time
      </button>
    </div>
  );
}

interface EntryProps {
  readonly name: string;
  readonly entry: ScheduleEntry;
  readonly onChange: (entry: ScheduleEntry) => void;
  readonly onRemove: () => void;
}

function Entry({ name, entry, onChange, onRemove }: EntryProps) {
  const { days, from, to } = entry;
  const [problem, setProblem] = useState<string | null>(null);
  const toggle = (day: (typeof WEEKDAYS)[number]): void => {
    const chosen = WEEKDAYS.filter((other) => (other === day ? !days.includes(day) : days.includes(other)));
    setProblem(chosen.length > 0 ? null : 'A time needs a day; remove the time instead.');
    if (chosen.length > 0) onChange({ ...entry, days: chosen });
  };
  return (
    <fieldset class="entry">
      <legend class="unseen">{name}</legend>
      <div class="days">
        {WEEKDAYS.map((day) => (
          <label key={day}>
            <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
            <span aria-hidden="true">{day.slice(0, 2)}</span>
            <span class="unseen">{day}</span>
          </label>
        ))}
      </div>
      <div class="times">
        <label>
          from{' '}
          <input
            type="time"
            required
            value={clock(from)}
            onChange={({ currentTarget }) => {
              const minutes = minutesOf(currentTarget.value);
              if (minutes !== null) onChange({ ...entry, from: minutes });
            }}
          />
        </label>
        <label>
          to{' '}
          <input
            type="time"
            required
            value={clock(to % DAY)}
            onChange={({ currentTarget }) => {
              const minutes = minutesOf(currentTarget.value);
              // Midnight ends a day; it does not begin the one before.
              if (minutes !== null) onChange({ ...entry, to: minutes === 0 ? DAY : minutes });
            }}
          />
        </label>
        <span class="note">
          {to <= from && 'the next day'}
          {from === 0 && to === DAY && 'all day'}
        </span>
        <button type="button" class="quiet" onClick={onRemove}>
          Remove<span class="unseen"> {name}</span>
        </button>
      </div>
      <p class="error" role="alert">
        {problem}
      </p>
    </fieldset>
  );
}

/** 07:30 as minutes since midnight; null while it is not complete. */
function minutesOf(text: string): number | null {
  const parts = /^(\d\d):(\d\d)/.exec(text);
  return parts ? 60 * Number(parts[1]) + Number(parts[2]) : null;
}
