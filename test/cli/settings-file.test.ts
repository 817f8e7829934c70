import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Conf from 'conf';
import { expect, test } from 'vitest';
import { heldBack, settingsFileOf } from '../../main/cli/settings-file.ts';
import { temporaryDirectory } from '../support/directory.ts';

const CONTENT = { version: 1, settings: { digits: 50, pauseForPrograms: ['Blender "é"'] }, state: {} };

test('what is written is read, by electron-store too, and the other way', () => {
  const directory = join(temporaryDirectory(), 'not there yet');
  const file = settingsFileOf(directory);
  expect(file.read()).toBeNull();
  file.write(CONTENT);
  expect(file.read()).toEqual(CONTENT);
  // electron-store is conf in the directory that Electron names.
  const conf = new Conf({ cwd: directory, configName: 'config' });
  expect(conf.store).toEqual(CONTENT);
  conf.store = { ...CONTENT, version: 2 };
  expect(file.read()).toEqual({ ...CONTENT, version: 2 });
});

test('nobody else may read it, and nothing is left beside it', () => {
  const directory = temporaryDirectory();
  settingsFileOf(directory).write(CONTENT);
  expect(readdirSync(directory)).toEqual(['config.json']);
  if (process.platform !== 'win32') expect(statSync(join(directory, 'config.json')).mode & 0o077).toBe(0);
});

test.each(['', '{"version":1', '[1]', 'null', '"text"'])('what is no object is not read: %j', (text) => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'config.json'), text);
  expect(() => settingsFileOf(directory).read()).toThrow();
});

test('set aside, it is kept under another name', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'config.json'), 'damaged');
  const place = settingsFileOf(directory).setAside();
  expect(readFileSync(place, 'utf8')).toBe('damaged');
  expect(settingsFileOf(directory).read()).toBeNull();
});

test('what cannot be written leaves what was there, and nothing beside it', () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'config.json'));
  expect(() => settingsFileOf(directory).write(CONTENT)).toThrow();
  expect(readdirSync(directory)).toEqual(['config.json']);
});

test('held back, it writes nothing until it is released: then the last, and everything after it', () => {
  const directory = temporaryDirectory();
  const file = settingsFileOf(directory);
  file.write(CONTENT);
  const held = heldBack(file);
  expect(held.read()).toEqual(CONTENT);
  held.write({ ...CONTENT, version: 2 });
  held.write({ ...CONTENT, version: 3 });
  expect(file.read()).toEqual(CONTENT);
  held.release();
  expect(file.read()).toEqual({ ...CONTENT, version: 3 });
  held.write({ ...CONTENT, version: 4 });
  held.release();
  expect(file.read()).toEqual({ ...CONTENT, version: 4 });
});
