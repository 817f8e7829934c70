/** Start at login on a Linux desktop: the entry is what the specification wants, and a session that reads it starts the app. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AppUnderTest, Outside } from './machine.ts';
import { leaveSettings, onEachMachine } from './machines.ts';

const LABEL = 'Start at login';
const atLogin = ({ menu }: Outside): boolean | undefined => menu.find(({ label }) => label === LABEL)?.checked;
const becomes = (app: AppUnderTest, checked: boolean): Promise<boolean> =>
  app.until(`"${LABEL}" is ${checked}`, (outside) => atLogin(outside) === checked);

const hasValidator = spawnSync('desktop-file-validate', ['--help']).error === undefined;

/** The words of Exec, by the Desktop Entry Specification 1.5: the escapes of a string first, then its own quotes. */
function wordsOfExec(entry: string): string[] {
  const value = /^Exec=(.*)$/m.exec(entry)?.[1] ?? '';
  const text = value.replaceAll(
    /\\([snrt\\])/g,
    (_, letter: string) => ({ s: ' ', n: '\n', r: '\r', t: '\t' })[letter] ?? '\\',
  );
  return [...text.matchAll(/"((?:\\["`$\\]|[^"\\])*)"|(\S+)/g)].map(([, quoted, plain]) =>
    (quoted === undefined ? (plain as string) : quoted.replaceAll(/\\(.)/g, '$1')).replaceAll('%%', '%'),
  );
}

onEachMachine(
  'the app starts at login',
  (user) => {
    const entryOf = () => join(user().home, '.config', 'autostart', 'nice19.desktop');

    test('switched on in the tray, started by a session, switched off again', async () => {
      const data = await user().data('at login "$HOME" 100 %');
      leaveSettings(data, { digits: 1000 });
      const app = await user().machine.start(['--data', data, '--hidden']);
      await becomes(app, false);
      await app.choose(LABEL);
      await becomes(app, true);
      await app.choose('Quit nice19');
      await app.ended;

      const words = wordsOfExec(readFileSync(entryOf(), 'utf8'));
      expect(words).toEqual([...user().machine.command, '--hidden', '--data', data]);
      const started = await user().machine.startedBy((environment) => {
        // what a session of systemd's has, and no more
        const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', DISPLAY: ':0', ...environment };
        spawn(words[0] as string, words.slice(1), { env, cwd: user().home, detached: true, stdio: 'ignore' }).unref();
      });
      await started.until('it searches', ({ tooltip }) => tooltip === 'nice19: Searching: 1,000 digits');
      expect(await started.until('its windows', ({ windows }) => [windows])).toEqual([0]);
      await becomes(started, true);

      await started.choose(LABEL);
      await becomes(started, false);
      expect(existsSync(entryOf())).toBe(false);
      await started.kill();
    });

    describe.skipIf(!hasValidator)(
      `judged by desktop-file-validate${hasValidator ? '' : ' (skipped: apt-get install desktop-file-utils)'}`,
      () => {
        test('the entry is valid', async () => {
          const data = await user().data('valid');
          leaveSettings(data, {}, { pausedByUser: true });
          const app = await user().machine.start(['--data', data, '--hidden']);
          await becomes(app, false);
          await app.choose(LABEL);
          await becomes(app, true);
          const { status, stdout, stderr } = spawnSync('desktop-file-validate', [entryOf()], { encoding: 'utf8' });
          expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
          await app.kill();
        });
      },
    );
  },
  { linux: true, notOnElectron: 'what a session starts cannot be driven there' },
);
