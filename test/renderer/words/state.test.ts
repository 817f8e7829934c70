/** What the search is doing in words, and what helps when it does not run. */

import { expect, test } from 'vitest';
import { PAUSE_REASONS } from '../../../main/contract/pause.ts';
import { SETTING_TEXTS } from '../../../main/contract/settings.ts';
import { helpFor, PAUSE_NAMES, pauseSentence, stageWords, stateWords } from '../../../renderer/words/state.ts';
import { PAPER_NOW, PAPER_TIME } from '../support/paper-host.ts';

test('every reason to pause has a name, and something that helps', () => {
  for (const reason of PAUSE_REASONS) {
    expect(PAUSE_NAMES[reason]).not.toBe('');
    const help = helpFor(reason);
    if (help.kind === 'setting') expect(Object.keys(SETTING_TEXTS)).toContain(help.setting);
    if (help.kind === 'outside') expect(help.sentence).toMatch(/\.$/);
  }
});

test('what the user asked for the user can end; what a setting brought leads to the setting', () => {
  expect(PAUSE_REASONS.filter((reason) => helpFor(reason).kind === 'resume')).toEqual(['user', 'snooze']);
  expect(PAUSE_REASONS.filter((reason) => helpFor(reason).kind === 'outside')).toEqual(['cannot-save']);
});

test('a pause is a sentence, with its end where that is known', () => {
  const battery = { reason: 'battery' as const, sentence: 'on battery (43 %)', until: null };
  expect(pauseSentence(battery, PAPER_TIME)).toBe('On battery (43 %).');
  const until = new Date(PAPER_TIME + 900_000).toISOString();
  expect(pauseSentence({ reason: 'snooze', sentence: 'snoozed', until }, PAPER_TIME)).toMatch(
    /^Snoozed, until \d\d:30\.$/,
  );
});

test('without a connection nothing is claimed of the search', () => {
  expect(stateWords(PAPER_NOW, false)).toEqual({ title: 'No connection', tone: 'attention' });
  expect(stateWords(null, true).title).toBe('One moment');
});

test('a search that cannot save or has a problem asks for attention', () => {
  expect(stateWords(PAPER_NOW, true).tone).toBe('running');
  expect(stateWords({ ...PAPER_NOW, problem: 'The disk is full.' }, true).tone).toBe('attention');
  const pauses = [{ reason: 'cannot-save' as const, sentence: 'it cannot save', until: null }];
  expect(stateWords({ ...PAPER_NOW, state: 'paused', pauses }, true).tone).toBe('attention');
});

test('a stage that is not known is waiting, not nonsense', () => {
  expect(['sieve', 'screen', 'rounds', 'lucas', 'check', 'idle'].map(stageWords)).toEqual([
    'Sieving a block',
    'Screening',
    'Rabin rounds',
    'Lucas test',
    'Checking with another kernel',
    'Waiting',
  ]);
});
