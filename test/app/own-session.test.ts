import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { givenArguments, ownProgram, type Start } from '../../main/app/own-program.ts';
import { leadsSession, movedToOwnSession, type SessionEdges, sessionArguments } from '../../main/app/own-session.ts';
import { leaderOf } from '../../main/cruncher/priority/system.ts';

const packaged: Start = {
  execPath: '/usr/lib/nice19/nice19',
  execArgv: [],
  argv: ['/usr/lib/nice19/nice19', '--hidden', '--data', '/data of mine'],
  env: { HOME: '/people/ada' },
  packaged: true,
  directory: '/people/ada',
};

interface Spawned {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: { readonly detached?: boolean; readonly stdio?: unknown; readonly env?: NodeJS.ProcessEnv };
}

/** A process 50 in session 40, unless it leads. */
function edges(spawned: Spawned[], { session = 40, pid = 51 as number | undefined, platform = 'linux' } = {}) {
  return {
    platform: platform as NodeJS.Platform,
    pid: 50,
    readStat: () => `50 (nice19 (a) b) S 1 50 ${session} 34816 50 4194304 1 0`,
    spawn: (program, args, options) => {
      spawned.push({ program, args, options: options as Spawned['options'] });
      return { pid, unref: () => {}, once: () => {} };
    },
  } satisfies SessionEdges;
}

test('who leads a session is read as ps reads it, whatever the program is called', () => {
  const session = Number(execFileSync('ps', ['-o', 'sid=', '-p', String(process.pid)], { encoding: 'utf8' }));
  const stat = readFileSync('/proc/self/stat', 'utf8');
  expect(leadsSession(stat, process.pid)).toBe(session === process.pid);
  expect(leadsSession(stat, session)).toBe(true);
  expect(leadsSession('50 (a) R 7 (b) S 1 2 50 0', 50)).toBe(true);
  expect(leadsSession('', 50)).toBeNull();
});

test('in a session of others it starts itself again, detached, with the same words', () => {
  const spawned: Spawned[] = [];
  expect(movedToOwnSession(packaged, edges(spawned))).toBe(true);
  expect(spawned).toEqual([
    {
      program: '/usr/lib/nice19/nice19',
      args: ['--hidden', '--data', '/data of mine'],
      options: { detached: true, stdio: 'ignore', env: { HOME: '/people/ada', NICE19_SESSION: 'own' } },
    },
  ]);
});

test('it does so once: the process that it started stays, even where detaching did not help', () => {
  const spawned: Spawned[] = [];
  movedToOwnSession(packaged, edges(spawned));
  const second = { ...packaged, env: spawned[0]?.options.env ?? {} };
  expect(movedToOwnSession(second, edges(spawned))).toBe(false);
  expect(spawned).toHaveLength(1);
  // what that one starts, itself after a crash perhaps, looks for itself
  expect(second.env).toEqual({ HOME: '/people/ada' });
});

test.each([
  ['it leads its session already', packaged, { session: 50 }],
  ['whoever started it wants to keep it', { ...packaged, env: { NICE19_SESSION: 'shared' } }, {}],
  ['leaving would end the sandbox', { ...packaged, env: { FLATPAK_ID: 'org.nice19.nice19' } }, {}],
  ['the system has no such sessions', packaged, { platform: 'darwin' }],
])('it stays where %s', (_, start, options) => {
  const spawned: Spawned[] = [];
  expect(movedToOwnSession(start, edges(spawned, options))).toBe(false);
  expect(spawned).toEqual([]);
});

test('the cruncher is told of a session that is the app’s own, and of no other', () => {
  const [own] = sessionArguments(edges([], { session: 50 }));
  expect(leaderOf(77, ['electron', 'main.js', own ?? ''])).toBe(50);
  expect(sessionArguments(edges([]))).toEqual([]);
  expect(sessionArguments(edges([], { session: 50, platform: 'win32' }))).toEqual([]);
});

test('it stays where it cannot be started again', () => {
  const edgesWithout = edges([]);
  expect(movedToOwnSession(packaged, { ...edgesWithout, spawn: () => ({ unref: () => {}, once: () => {} }) })).toBe(
    false,
  );
});

test('under AppImage the program is the image, from a checkout Electron and the checkout', () => {
  const image = { ...packaged, env: { APPIMAGE: '/people/ada/nice19.AppImage' } };
  expect(ownProgram(image)).toEqual({ program: '/people/ada/nice19.AppImage', args: [] });
  const mounted = {
    ...image,
    execPath: '/tmp/.mount_nice19Ab12/nice19',
    env: { ...image.env, APPDIR: '/tmp/.mount_nice19Ab12' },
  };
  expect(ownProgram(mounted).program).toBe('/people/ada/nice19.AppImage');
  const checkout = {
    ...packaged,
    packaged: false,
    execPath: '/electron',
    execArgv: ['--trace-warnings'],
    argv: ['/electron', '--user-data-dir=/data', '/checkout', '--hidden', 'more'],
  };
  expect(ownProgram(checkout)).toEqual({
    program: '/electron',
    args: ['--trace-warnings', '--user-data-dir=/data', '/checkout'],
  });
  expect(givenArguments(checkout)).toEqual(['--hidden', 'more']);
});

test('started by an AppImage of others, such as an editor with a terminal, it does not take that for itself', () => {
  const env = { APPIMAGE: '/people/ada/editor.AppImage', APPDIR: '/tmp/.mount_editorXy34' };
  expect(ownProgram({ ...packaged, env })).toEqual({ program: '/usr/lib/nice19/nice19', args: [] });
});

test('a checkout that was named from where somebody was is named for everywhere', () => {
  const checkout = {
    ...packaged,
    packaged: false,
    execPath: '/electron',
    execArgv: [],
    directory: '/people/ada/nice19',
  };
  expect(ownProgram({ ...checkout, argv: ['/electron', '.', '--hidden'] }).args).toEqual(['/people/ada/nice19']);
  expect(ownProgram({ ...checkout, argv: ['/electron', '--inspect', '../nice19'] }).args).toEqual([
    '--inspect',
    '/people/ada/nice19',
  ]);
  expect(ownProgram({ ...checkout, argv: ['/electron', '--inspect'] }).args).toEqual(['--inspect']);
});
