/**
 * The parts of docs/desktop.md that the program says itself: the tray's menu in each state, and the table of settings.
 * `node test/app/desktop-docs.ts` writes them there; desktop-docs.test.ts sees that it was done.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { menuText, trayMenu } from '../../main/app/tray/menu.ts';
import { DEFAULT_SETTINGS, SETTING_TEXTS, type SettingName } from '../../main/contract/settings.ts';
import { TRAY_STATES } from './tray-states.ts';

export const DOCS = new URL('../../docs/desktop.md', import.meta.url);

function trayPictures(): string {
  return Object.entries(TRAY_STATES)
    .map(([name, state]) => `#### ${name}\n\n\`\`\`text\n${menuText(trayMenu(state))}\n\`\`\``)
    .join('\n\n');
}

function settingsTable(): string {
  const rows = (Object.keys(SETTING_TEXTS) as SettingName[]).map((name) => {
    const { label, sentence } = SETTING_TEXTS[name];
    return `| ${label} | \`${name}\` | \`${JSON.stringify(DEFAULT_SETTINGS[name])}\` | ${sentence} |`;
  });
  return ['| setting | in the file | unless changed | |', '|---|---|---|---|', ...rows].join('\n');
}

/** The document with these parts as they are now. */
export function upToDate(text: string): string {
  return between(between(text, 'settings', settingsTable()), 'tray', trayPictures());
}

function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: written by test/app/desktop-docs.ts -->`, `<!-- ${name}: end -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/desktop.md has no place for: ${name}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(DOCS, upToDate(readFileSync(DOCS, 'utf8')));
