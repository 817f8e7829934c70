import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { temporaryDirectory } from '../support/directory.ts';

describe('the settings’ file', () => {
  // electron-store looks for Electron when it is loaded, and plain Node would download it
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '/nonexistent');

  async function stored(directory: string) {
    const { StoredSettings } = await import('../../main/app/settings-file.ts');
    const removed: (string | undefined)[] = [];
    const settings = new StoredSettings(directory, {
      removeAllListeners: (channel?: string) => void removed.push(channel),
    } as never);
    return { settings, removed };
  }

  test('is not there, then holds what was written, whole', async () => {
    const directory = temporaryDirectory();
    const { settings } = await stored(directory);
    expect(settings.read()).toBeNull();
    settings.write({ version: 1, settings: { digits: 300 } });
    expect(settings.read()).toEqual({ version: 1, settings: { digits: 300 } });
    settings.write({ version: 1, settings: {} });
    expect(JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'))).toEqual({ version: 1, settings: {} });
    expect(readdirSync(directory)).toEqual(['config.json']);
  });

  test.each(['{"version": 1,', '', '[]', '"text"', 'null', '\u0000'])(
    'that is damaged (%j) throws, stays, and is set aside',
    async (damage) => {
      const directory = temporaryDirectory();
      writeFileSync(join(directory, 'config.json'), damage);
      const { settings } = await stored(directory);
      expect(() => settings.read()).toThrow();
      expect(readFileSync(join(directory, 'config.json'), 'utf8')).toBe(damage);
      const place = settings.setAside();
      expect(readFileSync(place, 'utf8')).toBe(damage);
      expect(settings.read()).toBeNull();
      settings.write({ version: 1 });
      expect(settings.read()).toEqual({ version: 1 });
      expect(existsSync(place)).toBe(true);
    },
  );

  test('leaves no channel on which a page could ask where the data are', async () => {
    const { settings, removed } = await stored(temporaryDirectory());
    settings.write({});
    expect(removed).toEqual(['electron-store-get-data']);
  });
});
