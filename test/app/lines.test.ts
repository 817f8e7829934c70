import { expect, test } from 'vitest';
import { Lines } from '../../main/app/lines.ts';

test('lines are whole, whatever pieces they come in, and none is endless', () => {
  const heard: string[] = [];
  const lines = new Lines((line) => heard.push(line));
  const euro = Buffer.from('€ one\r\ntwo\n');
  for (const byte of euro) lines.write(Buffer.of(byte));
  lines.write(Buffer.from(`${'x'.repeat(25_000)}\nlast`));
  lines.end();
  expect(heard.slice(0, 2)).toEqual(['€ one', 'two']);
  expect(heard.every((line) => line.length <= 10_000)).toBe(true);
  expect(heard.at(-1)).toBe('last');
});
