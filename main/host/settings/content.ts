/**
 * From the content of the settings' file to settings, and back. Every value is judged by itself: one that cannot be is
 * replaced by its default, with a sentence, and the others hold. What nobody here knows is kept where it was.
 */

import * as v from 'valibot';
import { beginning } from '../../contract/sentence.ts';
import {
  DEFAULT_SETTINGS,
  SETTING_TEXTS,
  SETTINGS_VERSION,
  type SettingName,
  type Settings,
  SettingsSchema,
} from '../../contract/settings.ts';
import { type Content, isObject, migrate, versionOf } from './migrations.ts';
import { FIRST_STATE, type HostState, HostStateSchema } from './state.ts';

/** What was in the file and is not known here. */
export interface Unknowns {
  readonly top: Content;
  readonly settings: Content;
  readonly state: Content;
}
export const NO_UNKNOWNS: Unknowns = { top: {}, settings: {}, state: {} };

export interface ReadContent {
  readonly settings: Settings;
  readonly state: HostState;
  readonly unknowns: Unknowns;
  /** The file is of a newer version: it must stay as it is. */
  readonly newer: boolean;
  /** What the user should know, a sentence each. */
  readonly sentences: readonly string[];
}

/** @returns null where the content is no settings at all: the file is damaged */
export function readContent(content: Content): ReadContent | null {
  const version = isObject(content) ? versionOf(content) : null;
  if (version === null) return null;
  if (version > SETTINGS_VERSION) return readNewer(content, version);
  const migrated = migrate(content, version);
  const { settings = {}, state = {}, ...top } = migrated;
  if (!isObject(settings) || !isObject(state)) return null;
  const readSettings = judge(SettingsSchema, DEFAULT_SETTINGS, settings);
  const readState = judge(HostStateSchema, FIRST_STATE, state);
  return {
    settings: readSettings.values,
    state: readState.values,
    unknowns: { top, settings: readSettings.unknown, state: readState.unknown },
    newer: false,
    sentences: readSettings.refused.map(({ name, value, why }) => {
      const shown = beginning(JSON.stringify(value) ?? 'nothing', 60);
      const setting = name as SettingName;
      const taken = JSON.stringify(DEFAULT_SETTINGS[setting]);
      return `The setting "${SETTING_TEXTS[setting].label}" cannot be ${shown} (${why}): it is ${taken} now.`;
    }),
  };
}

/** What the file holds when these are the settings. */
export function writeContent(settings: Settings, state: HostState, unknowns: Unknowns): Record<string, unknown> {
  return {
    ...unknowns.top,
    version: SETTINGS_VERSION,
    settings: { ...unknowns.settings, ...settings },
    state: { ...unknowns.state, ...state },
  };
}

/** Its settings may mean something else there; that the user paused it is taken where it can be read. */
function readNewer(content: Content, version: number): ReadContent {
  const state = isObject(content['state']) ? content['state'] : {};
  return {
    settings: DEFAULT_SETTINGS,
    state: judge(HostStateSchema, { ...FIRST_STATE, firstStartDone: true }, state).values,
    unknowns: NO_UNKNOWNS,
    newer: true,
    sentences: [
      `The settings were written by a newer nice19 (version ${version}, this one knows ${SETTINGS_VERSION}): they are left as they are, the defaults hold, and what is changed now is forgotten at the end.`,
    ],
  };
}

interface Judged<T> {
  readonly values: T;
  readonly unknown: Content;
  readonly refused: readonly { readonly name: string; readonly value: unknown; readonly why: string }[];
}

function judge<T extends object>(
  schema: { readonly entries: Readonly<Record<string, v.GenericSchema>> },
  defaults: T,
  given: Content,
): Judged<T> {
  const accepted: [string, unknown][] = [];
  const unknown: [string, unknown][] = [];
  const refused: Judged<T>['refused'][number][] = [];
  for (const [name, value] of Object.entries(given)) {
    const entry = Object.hasOwn(schema.entries, name) ? schema.entries[name] : undefined;
    if (entry === undefined) {
      unknown.push([name, value]);
      continue;
    }
    const parsed = v.safeParse(entry, value);
    if (parsed.success) accepted.push([name, parsed.output]);
    else refused.push({ name, value, why: parsed.issues[0].message });
  }
  const values = { ...defaults, ...Object.fromEntries(accepted) };
  return { values, unknown: Object.fromEntries(unknown), refused };
}
