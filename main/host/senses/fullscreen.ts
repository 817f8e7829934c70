/**
 * Whether another program fills the screen. X11 tells, by the active window's state (the window managers' common
 * specification, _NET_WM_STATE_FULLSCREEN); xprop reads it. Wayland tells nobody by design, and macOS and Windows only
 * programs of a kind that this is not: null.
 */

import { type Ask, askSystem } from './command.ts';

export async function systemFullscreen(
  /** Windows of these processes are ours. */
  ours: readonly number[] = [process.pid],
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  ask: Ask = askSystem,
): Promise<boolean | null> {
  if (platform !== 'linux' || !environment['DISPLAY']) return null;
  if (environment['WAYLAND_DISPLAY'] || environment['XDG_SESSION_TYPE'] === 'wayland') return null;
  const root = await ask('xprop', ['-root', '_NET_ACTIVE_WINDOW']);
  // "_NET_ACTIVE_WINDOW(WINDOW): window id # 0x3c00007"
  const window = root === null ? undefined : /# (0x[0-9a-f]+)/.exec(root)?.[1];
  if (window === undefined) return null;
  if (Number(window) === 0) return false;
  const state = await ask('xprop', ['-id', window, '_NET_WM_STATE', '_NET_WM_PID']);
  // it may have been closed in between
  if (state === null) return null;
  const pid = /_NET_WM_PID\(CARDINAL\) = (\d+)/.exec(state)?.[1];
  if (pid !== undefined && ours.includes(Number(pid))) return false;
  return state.includes('_NET_WM_STATE_FULLSCREEN');
}
