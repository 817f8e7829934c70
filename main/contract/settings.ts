/**
 * What people can set, with what holds when they have not, and one sentence on each. The desktop app keeps them with
 * electron-store, the terminal's window in the same file; whoever shows or documents a setting takes its words from here.
 */

import * as v from 'valibot';
import { DEFAULT_DIGITS, DEFAULT_ERROR_LOG2, DigitsSchema } from './search-spec.ts';

/** The schema's number, in the file; one that is higher is of a newer nice19. */
export const SETTINGS_VERSION = 1;

/** Minutes since midnight, local time. */
const MinuteOfDay = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(24 * 60));

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** A time in which it may search; one that ends before it begins goes on past midnight. */
export const ScheduleEntrySchema = v.strictObject({
  days: v.pipe(v.array(v.picklist(WEEKDAYS)), v.minLength(1), v.maxLength(7)),
  from: MinuteOfDay,
  to: MinuteOfDay,
});
export type ScheduleEntry = v.InferOutput<typeof ScheduleEntrySchema>;

const Cores = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256));

/** A program by the name of its file, without a path. */
const ProgramName = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(100),
  v.regex(/^[^/\\\p{Cc}]+$/u, 'expected the name of a program, without a path'),
);

export const SettingsSchema = v.strictObject({
  digits: DigitsSchema,
  errorLog2: v.pipe(v.number(), v.maxValue(-40), v.minValue(-128)),
  /** null: all. */
  cores: v.nullable(Cores),
  /** null: as many as otherwise. */
  coresWhileActive: v.nullable(Cores),
  /** Percent of each core's time. */
  cpuShare: v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(100)),
  onBattery: v.picklist(['pause', 'pause-below', 'run']),
  /** Percent. */
  batteryBelow: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(95)),
  pauseWhileActive: v.boolean(),
  /** Minutes without keyboard and mouse after which nobody is there. */
  activeMinutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60)),
  pauseForFullscreen: v.boolean(),
  pauseForPrograms: v.pipe(v.array(ProgramName), v.maxLength(50)),
  /** Empty: at any time. */
  schedule: v.pipe(v.array(ScheduleEntrySchema), v.maxLength(50)),
  pauseWhenHot: v.boolean(),
  notifications: v.picklist(['all', 'large-only', 'none']),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;
export type SettingName = keyof Settings;

/** Some of the settings, to be changed. */
export const SettingsPatchSchema = v.partial(SettingsSchema);
export type SettingsPatch = v.InferOutput<typeof SettingsPatchSchema>;

export const DEFAULT_SETTINGS: Settings = {
  digits: DEFAULT_DIGITS,
  errorLog2: DEFAULT_ERROR_LOG2,
  cores: null,
  coresWhileActive: null,
  cpuShare: 100,
  onBattery: 'pause',
  batteryBelow: 50,
  pauseWhileActive: false,
  activeMinutes: 3,
  pauseForFullscreen: false,
  pauseForPrograms: [],
  schedule: [],
  pauseWhenHot: true,
  notifications: 'all',
};

/** A name and one sentence for each, for the window and docs/desktop.md. */
export const SETTING_TEXTS: Readonly<Record<SettingName, { readonly label: string; readonly sentence: string }>> = {
  digits: {
    label: 'Digits',
    sentence:
      'How many decimal digits the primes have. Another size begins a new search and keeps this one to go on with.',
  },
  errorLog2: {
    label: 'Stated error',
    sentence:
      'The chance, in the worst case, that a number that is called prime is not; smaller takes more rounds at each find.',
  },
  cores: { label: 'Cores', sentence: 'How many processor cores compute at once.' },
  coresWhileActive: {
    label: 'Cores while you are active',
    sentence: 'How many cores compute while somebody uses keyboard or mouse.',
  },
  cpuShare: {
    label: 'Share of each core',
    sentence: 'How much of the time each core computes; less keeps the computer cooler and quieter.',
  },
  onBattery: { label: 'On battery', sentence: 'Whether it searches while the computer runs on its battery.' },
  batteryBelow: { label: 'Battery below', sentence: 'It pauses on battery when less than this is left.' },
  pauseWhileActive: {
    label: 'Pause while you are active',
    sentence: 'It searches only while nobody uses keyboard or mouse. At lowest priority that is seldom needed.',
  },
  activeMinutes: {
    label: 'Nobody is there after',
    sentence: 'Minutes without keyboard and mouse after which the computer counts as left alone.',
  },
  pauseForFullscreen: {
    label: 'Pause for full screen',
    sentence: 'It pauses while a program fills the screen, where the system tells.',
  },
  pauseForPrograms: { label: 'Pause for programs', sentence: 'It pauses while one of these programs runs.' },
  schedule: { label: 'Weekly schedule', sentence: 'The times of the week in which it searches; none means always.' },
  pauseWhenHot: { label: 'Pause when hot', sentence: 'It pauses when the system says that the computer is too hot.' },
  notifications: {
    label: 'Notifications',
    sentence: 'Whether a find is announced on the desktop; of small primes there is at most one announcement an hour.',
  },
};
