/** A small app for the stand-in's own tests: a tray, a window, a child, and commands from both. */

import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  ipcMain,
  Menu,
  Notification,
  nativeImage,
  protocol,
  session,
  Tray,
  utilityProcess,
} from 'electron';
import Store from 'electron-store';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const PRELOAD = fileURLToPath(new URL('preload.cjs', import.meta.url));
/** One pixel. */
const ICON =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const PAGE = `<!doctype html><title>Tiny page</title><script src="page.js"></script>
<script>document.title = 'an inline script ran'</script><p id="said"></p>`;
const SCRIPT = `tiny.onSaid((text) => { document.querySelector('#said').textContent = text; });
document.addEventListener('visibilitychange', () => tiny.say(document.visibilityState));`;
const CSP = "default-src 'self'";

protocol.registerSchemesAsPrivileged([{ scheme: 'tiny', privileges: { standard: true, secure: true } }]);

/** What happened, for the test to read in the tray's tooltip. */
const lines: string[] = [];
let tray: Tray | null = null;
function say(line: string): void {
  lines.push(line);
  tray?.setToolTip(lines.join('\n'));
}

let window: BrowserWindow | null = null;
function openWindow(): void {
  const own = session.fromPartition('tiny');
  window = new BrowserWindow({
    show: false,
    webPreferences: { preload: PRELOAD, partition: 'tiny', sandbox: true, contextIsolation: true },
  });
  own.setPermissionRequestHandler((_, __, answer) => answer(false));
  window.webContents.setWindowOpenHandler(({ url }) => {
    say(`window.open ${url}`);
    return { action: 'deny' };
  });
  window.webContents.on('will-navigate', (event) => {
    say(`will-navigate ${event.url}`);
    event.preventDefault();
  });
  window.once('ready-to-show', () => window?.show());
  window.once('closed', () => {
    window = null;
  });
  void window.loadURL('tiny://app/index.html');
}

function child(): void {
  const forked = utilityProcess.fork(CHILD, ['an argument'], { stdio: 'pipe', serviceName: 'tiny child' });
  forked.stdout?.on('data', (chunk) => say(`child wrote ${String(chunk).trim()}`));
  forked.on('spawn', () => say(`child has a pid: ${forked.pid !== undefined}`));
  forked.on('message', (message) => say(`child said ${String(message)}`));
  forked.on('exit', (code) => say(`child exit ${code}`));
  forked.postMessage(12n);
  Menu.setApplicationMenu(null);
  tray?.setContextMenu(
    menu([
      { label: 'End child well', click: () => forked.postMessage('end') },
      { label: 'Kill child', click: () => void process.kill(forked.pid as number, 'SIGKILL') },
    ]),
  );
}

const menu = (more: Electron.MenuItemConstructorOptions[]) =>
  Menu.buildFromTemplate([
    { label: 'Open', click: openWindow },
    { label: 'Greet', click: () => window?.webContents.send('said', { greeting: 'hello', big: 2n ** 70n }) },
    { label: 'Hide', click: () => window?.hide() },
    { label: 'Show', click: () => window?.show() },
    { type: 'separator' },
    { label: 'Child', click: child },
    { label: 'Notify', click: () => new Notification({ title: 'A title', body: 'A body' }).show() },
    { label: 'Keep', type: 'checkbox', checked: false, click: (item) => say(`keep ${item.checked}`) },
    { label: 'Quit', click: () => app.quit() },
    ...more,
  ]);

if (!app.requestSingleInstanceLock({ from: process.pid })) app.exit(3);
app.on('second-instance', (_, argv, directory) => say(`second ${argv.slice(2).join(' ')} in ${directory}`));
app.on('window-all-closed', () => {});
app.on('child-process-gone', (_, details) => say(`gone ${details.name} ${details.reason} ${details.exitCode}`));
setInterval(() => {}, 98_765).unref();
let flushed = false;
app.on('will-quit', (event) => {
  if (flushed) return;
  event.preventDefault();
  flushed = true;
  setImmediate(() => app.quit());
});
ipcMain.on('tiny', (event, text) => say(`ipc ${event.senderFrame?.url} ${text}`));
ipcMain.handle('double', (_, number: number) => number * 2);

void app.whenReady().then(() => {
  // electron-store listens to signals, and would end the process with them
  process.removeAllListeners('SIGTERM');
  process.on('SIGTERM', () => app.quit());
  const store = new Store<{ starts: number }>({ defaults: { starts: 0 } });
  store.set('starts', store.get('starts') + 1);
  session.fromPartition('tiny').protocol.handle('tiny', ({ url }) => {
    const { pathname } = new URL(url);
    const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
    const body = pathname.endsWith('.js') ? SCRIPT : PAGE;
    return new Response(body, { headers: { 'content-type': type, 'content-security-policy': CSP } });
  });
  tray = new Tray(nativeImage.createFromDataURL(ICON));
  tray.setContextMenu(menu([]));
  say(`${app.getName()} ${app.getVersion()} start ${store.get('starts')} with ${process.argv.slice(2).join(' ')}`);
});
