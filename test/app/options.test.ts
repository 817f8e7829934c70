import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loginArguments, readOptions } from '../../main/app/options.ts';

test('it has two words, and leaves Chromium’s alone', () => {
  expect(readOptions([], '/here')).toEqual({ hidden: false, data: null });
  expect(readOptions(['--no-sandbox', '--hidden', '--data', 'x y'], '/here')).toEqual({
    hidden: true,
    data: resolve('/here', 'x y'),
  });
  expect(readOptions(['--data=/else/where'], '/here').data).toBe(resolve('/else/where'));
  expect(readOptions(['--data'], '/here').data).toBeNull();
});

test('at login it starts hidden, with the data that it has now', () => {
  for (const args of [['--data', 'x'], []]) {
    const options = readOptions(args, '/here');
    expect(readOptions(loginArguments(options), '/somewhere else')).toEqual({ ...options, hidden: true });
  }
});
