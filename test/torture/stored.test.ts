/** The campaign starts a search once more for one refusal only: the one that says that a search mends the store. */

import { expect, it } from 'vitest';
import { Damage, Missing } from '../../main/cruncher/store/faults.ts';
import { problemOf } from '../../main/cruncher/store/opening.ts';
import { TortureFailure } from './failure.ts';
import { refusal, ToBeMended } from './stored.ts';

/** As the program says it. */
const said = (error: Error): string => {
  const sentence = problemOf(error, '/data')?.message ?? '';
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.\n`;
};

it.each([new Damage('database disk image is malformed'), new Missing()])('a store to be mended: %s', (error) => {
  expect(refusal(said(error))).toBeInstanceOf(ToBeMended);
});

it.each([
  said(Object.assign(new Error('disk I/O error'), { errcode: 10 })),
  'The store is from a newer nice19 (version 9, this one knows 2); use that one.',
  `${said(new Damage('cut short'))}TypeError: x is not a function`,
  '',
])('any other refusal is a failure: %s', (words) => {
  expect(refusal(words)).toBeInstanceOf(TortureFailure);
  expect(refusal(words)).not.toBeInstanceOf(ToBeMended);
});
