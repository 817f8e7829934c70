/** Settings: everything of the settings' schema, in its words. What is changed holds at once; what is refused says why. */

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { SETTING_TEXTS, type SettingName, type Settings, type SettingsPatch } from '../../main/contract/settings.ts';
import { useModel } from '../model.ts';
import { CoresChoice } from '../parts/cores-choice.tsx';
import { Heading } from '../parts/heading.tsx';
import { ProgramList } from '../parts/program-list.tsx';
import { ScheduleEditor } from '../parts/schedule-editor.tsx';
import { SizeSlider } from '../parts/size-slider.tsx';
import { plural } from '../words/numbers.ts';
import { powerOfTwo } from '../words/sureness.ts';

/** What a control gets: the settings as they are, its ids, and how to change something. */
interface Field {
  readonly settings: Settings;
  readonly cores: number;
  readonly id: string;
  readonly labelId: string;
  readonly sentenceId: string;
  change(patch: SettingsPatch): void;
}

const ERRORS = [-40, -64, -80, -100, -128];

/** The control of each setting: the compiler sees that none is missing. */
const CONTROLS: Readonly<Record<SettingName, (field: Field) => ComponentChildren>> = {
  digits: ({ settings, cores, labelId, sentenceId, change }) => (
    <SizeSlider
      digits={settings.digits}
      cores={settings.cores === null ? cores : Math.min(settings.cores, cores)}
      cpuShare={settings.cpuShare}
      labelledBy={labelId}
      describedBy={sentenceId}
      onChange={(digits) => change({ digits })}
    />
  ),
  errorLog2: ({ settings: { errorLog2 }, id, sentenceId, change }) => (
    <select
      id={id}
      aria-describedby={sentenceId}
      value={errorLog2}
      onChange={({ currentTarget }) => change({ errorLog2: Number(currentTarget.value) })}
    >
      {[...new Set([...ERRORS, errorLog2])]
        .sort((a, b) => b - a)
        .map((log2) => (
          <option key={log2} value={log2}>
            {powerOfTwo(log2)} ({plural(Math.ceil(-log2 / 2), 'round')})
          </option>
        ))}
    </select>
  ),
  cores: ({ settings, cores, id, sentenceId, change }) => (
    <CoresChoice
      id={id}
      describedBy={sentenceId}
      cores={settings.cores}
      of={cores}
      none={`All ${cores}`}
      onChange={(chosen) => change({ cores: chosen })}
    />
  ),
  coresWhileActive: ({ settings, cores, id, sentenceId, change }) => (
    <CoresChoice
      id={id}
      describedBy={sentenceId}
      cores={settings.coresWhileActive}
      of={cores}
      none="As many as otherwise"
      onChange={(chosen) => change({ coresWhileActive: chosen })}
    />
  ),
  cpuShare: (field) => <Share {...field} />,
  onBattery: ({ settings, id, sentenceId, change }) => (
    <select
      id={id}
      aria-describedby={sentenceId}
      value={settings.onBattery}
      onChange={({ currentTarget }) => change({ onBattery: currentTarget.value as Settings['onBattery'] })}
    >
      <option value="pause">Pause</option>
      <option value="pause-below">Pause when it gets low</option>
      <option value="run">Search as always</option>
    </select>
  ),
  batteryBelow: (field) => (
    <NumberField
      {...field}
      value={field.settings.batteryBelow}
      from={5}
      to={95}
      unit="%"
      disabled={field.settings.onBattery !== 'pause-below'}
      set={(batteryBelow) => ({ batteryBelow })}
    />
  ),
  pauseWhileActive: (field) => (
    <Check {...field} checked={field.settings.pauseWhileActive} set={(on) => ({ pauseWhileActive: on })} />
  ),
  activeMinutes: (field) => (
    <NumberField
      {...field}
      value={field.settings.activeMinutes}
      from={1}
      to={60}
      unit="min"
      set={(activeMinutes) => ({ activeMinutes })}
    />
  ),
  pauseForFullscreen: (field) => (
    <Check {...field} checked={field.settings.pauseForFullscreen} set={(on) => ({ pauseForFullscreen: on })} />
  ),
  pauseForPrograms: ({ settings, id, sentenceId, change }) => (
    <ProgramList
      id={id}
      describedBy={sentenceId}
      programs={settings.pauseForPrograms}
      onChange={(pauseForPrograms) => change({ pauseForPrograms })}
    />
  ),
  schedule: ({ settings, id, change }) => (
    <ScheduleEditor id={id} schedule={settings.schedule} onChange={(schedule) => change({ schedule })} />
  ),
  pauseWhenHot: (field) => (
    <Check {...field} checked={field.settings.pauseWhenHot} set={(on) => ({ pauseWhenHot: on })} />
  ),
  notifications: ({ settings, id, sentenceId, change }) => (
    <select
      id={id}
      aria-describedby={sentenceId}
      value={settings.notifications}
      onChange={({ currentTarget }) => change({ notifications: currentTarget.value as Settings['notifications'] })}
    >
      <option value="all">Every find</option>
      <option value="large-only">Large primes only</option>
      <option value="none">None</option>
    </select>
  ),
};

const GROUPS: readonly { readonly title: string; readonly names: readonly SettingName[] }[] = [
  { title: 'What it looks for', names: ['digits', 'errorLog2'] },
  { title: 'How hard it works', names: ['cores', 'coresWhileActive', 'cpuShare'] },
  {
    title: 'When it gives way',
    names: [
      'onBattery',
      'batteryBelow',
      'pauseWhileActive',
      'activeMinutes',
      'pauseForFullscreen',
      'pauseForPrograms',
      'schedule',
      'pauseWhenHot',
    ],
  },
  { title: 'Desktop', names: ['notifications'] },
];

/** @param at the setting to begin with, when something pointed there */
export function SettingsView({ at }: { at: string | null }) {
  const { settings, about } = useModel();
  if (settings.value === null) return <Heading title="Settings" />;
  const cores = about.value?.cores ?? 1;
  return (
    <>
      <Heading title="Settings" />
      {GROUPS.map(({ title, names }) => (
        <section class="settings" key={title} aria-label={title}>
          <h2>{title}</h2>
          {names.map((name) => (
            <Setting key={name} name={name} cores={cores} pointedAt={at === name} />
          ))}
          {title === 'Desktop' && <StartAtLogin />}
        </section>
      ))}
      <AboutSection />
    </>
  );
}

/** Settings whose control is a group with labels of its own. */
const GROUPED: ReadonlySet<SettingName> = new Set(['digits', 'schedule']);

function Setting({ name, cores, pointedAt }: { name: SettingName; cores: number; pointedAt: boolean }) {
  const model = useModel();
  const [problem, setProblem] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  const { label, sentence } = SETTING_TEXTS[name];
  useEffect(() => {
    if (!pointedAt) return;
    place.current?.scrollIntoView({ block: 'center' });
    place.current?.querySelector<HTMLElement>('select, input, button')?.focus({ preventScroll: true });
  }, [pointedAt]);
  const change = async (patch: SettingsPatch): Promise<void> => {
    const result = await model.bridge.ask('changeSettings', patch);
    setProblem(result.ok ? null : result.sentence);
    if (result.ok) model.settings.value = result.value;
    // A refused choice goes back to what holds.
    else model.settings.value = { ...(model.settings.value as Settings) };
  };
  const labelId = `${id}-label`;
  const sentenceId = `${id}-sentence`;
  const field: Field = {
    settings: model.settings.value as Settings,
    cores,
    id: `${id}-control`,
    labelId,
    sentenceId,
    change: (patch) => void change(patch),
  };
  return (
    <div class="setting" ref={place}>
      <div class="words">
        {GROUPED.has(name) ? (
          <h3 id={labelId}>{label}</h3>
        ) : (
          <label id={labelId} for={field.id}>
            {label}
          </label>
        )}
        <p class="note" id={sentenceId}>
          {sentence}
        </p>
      </div>
      <div class="control">
        {CONTROLS[name](field)}
        <p class="error" role="alert">
          {problem}
        </p>
      </div>
    </div>
  );
}

function Check({
  id,
  sentenceId,
  checked,
  change,
  set,
}: Field & { checked: boolean; set(on: boolean): SettingsPatch }) {
  return (
    <input
      type="checkbox"
      id={id}
      aria-describedby={sentenceId}
      checked={checked}
      onChange={({ currentTarget }) => change(set(currentTarget.checked))}
    />
  );
}

interface NumberProps extends Field {
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly unit: string;
  readonly disabled?: boolean;
  set(number: number): SettingsPatch;
}

function NumberField({ id, sentenceId, value, from, to, unit, disabled = false, change, set }: NumberProps) {
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <>
      <span class="with-unit">
        <input
          type="number"
          id={id}
          aria-describedby={sentenceId}
          aria-invalid={problem !== null}
          min={from}
          max={to}
          step={1}
          value={value}
          disabled={disabled}
          onChange={({ currentTarget }) => {
            const number = currentTarget.valueAsNumber;
            const fine = Number.isInteger(number) && number >= from && number <= to;
            setProblem(fine ? null : `Choose a whole number from ${from} to ${to}.`);
            if (fine) change(set(number));
          }}
        />{' '}
        {unit}
      </span>
      <p class="error" role="alert">
        {problem}
      </p>
    </>
  );
}

function Share({ settings, id, sentenceId, change }: Field) {
  const [moving, setMoving] = useState<number | null>(null);
  const shown = moving ?? settings.cpuShare;
  return (
    <div class="sliding">
      <input
        type="range"
        id={id}
        aria-describedby={sentenceId}
        aria-valuetext={`${shown} percent`}
        min={10}
        max={100}
        step={5}
        value={shown}
        onInput={({ currentTarget }) => setMoving(Number(currentTarget.value))}
        onChange={({ currentTarget }) => {
          setMoving(null);
          change({ cpuShare: Number(currentTarget.value) });
        }}
      />
      <output for={id}>{shown} %</output>
    </div>
  );
}

function StartAtLogin() {
  const { bridge, loginItem } = useModel();
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const item = loginItem.value;
  const set = async (on: boolean): Promise<void> => {
    const result = await bridge.ask('setLoginItem', { on });
    setProblem(result.ok ? null : result.sentence);
    loginItem.value = result.ok ? result.value : item && { ...item };
  };
  if (item === null) return null;
  return (
    <div class="setting">
      <div class="words">
        <label for={id}>Start at login</label>
        <p class="note" id={`${id}-sentence`}>
          {item.sentence}
        </p>
      </div>
      <div class="control">
        <input
          type="checkbox"
          id={id}
          aria-describedby={`${id}-sentence`}
          checked={item.state === 'on'}
          disabled={item.state === 'unavailable'}
          onChange={({ currentTarget }) => void set(currentTarget.checked)}
        />
        <p class="error" role="alert">
          {problem}
        </p>
      </div>
    </div>
  );
}

function AboutSection() {
  const about = useModel().about.value;
  if (about === null) return null;
  return (
    <section class="settings" aria-label="About">
      <h2>About</h2>
      <p class="note">
        nice19 {about.version} on {about.host} ({about.platform}). Everything is saved in {about.directory}.
      </p>
      <p class="note">
        It never looks for a newer version by itself: the page that you have it from shows what there is.
      </p>
    </section>
  );
}
