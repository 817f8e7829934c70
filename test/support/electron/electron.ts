/** What `import … from 'electron'` gives in the app's process: parts of Electron, and the names of the rest. */

import { StandInApp } from './app.ts';
import { dialog as standInDialog, shell as standInShell } from './asking.ts';
import { BrowserWindow, windowsOf } from './browser-window.ts';
import { complete, completeClass, lacking } from './complete.ts';
import { identity } from './identity.ts';
import { ipcMain as standInIpcMain } from './ipc.ts';
import { Menu as StandInMenu, MenuItem as StandInMenuItem } from './menu.ts';
import { nativeImage as standInNativeImage } from './native-image.ts';
import { StandInNotification } from './notification.ts';
/// <reference types="electron" />
import { obeyFor } from './orders.ts';
import {
  nativeTheme as standInNativeTheme,
  powerMonitor as standInPowerMonitor,
  screen as standInScreen,
} from './senses.ts';
import { protocol as standInProtocol, session as standInSession } from './session.ts';
import { StandInTray } from './tray.ts';
import { utilityProcessOf } from './utility-process.ts';

export const standInApp = new StandInApp(identity);
standInApp.windows = windowsOf(standInApp);
export const obey = obeyFor(standInApp);

export const app = complete<Electron.App>('app', standInApp);
export const dialog = complete<Electron.Dialog>('dialog', standInDialog);
export const ipcMain = complete<Electron.IpcMain>('ipcMain', standInIpcMain);
export const Menu = complete<typeof Electron.Menu>('Menu', StandInMenu);
export const MenuItem = completeClass<typeof Electron.MenuItem>('MenuItem', StandInMenuItem);
export const nativeImage = complete<typeof Electron.nativeImage>('nativeImage', standInNativeImage);
export const nativeTheme = complete<Electron.NativeTheme>('nativeTheme', standInNativeTheme);
export const Notification = completeClass<typeof Electron.Notification>('Notification', StandInNotification);
export const powerMonitor = complete<Electron.PowerMonitor>('powerMonitor', standInPowerMonitor);
export const protocol = complete<Electron.Protocol>('protocol', standInProtocol);
export const screen = complete<Electron.Screen>('screen', standInScreen);
export const session = complete<typeof Electron.session>('session', standInSession);
export const shell = complete<Electron.Shell>('shell', standInShell);
export const Tray = completeClass<typeof Electron.Tray>('Tray', StandInTray);
export const utilityProcess = complete<typeof Electron.utilityProcess>(
  'utilityProcess',
  utilityProcessOf((details) => void standInApp.emit('child-process-gone', {}, details)),
);
export { BrowserWindow };

export const autoUpdater = lacking<Electron.AutoUpdater>('autoUpdater');
export const clipboard = lacking<Electron.Clipboard>('clipboard');
export const contentTracing = lacking<Electron.ContentTracing>('contentTracing');
export const crashReporter = lacking<Electron.CrashReporter>('crashReporter');
export const desktopCapturer = lacking<Electron.DesktopCapturer>('desktopCapturer');
export const globalShortcut = lacking<Electron.GlobalShortcut>('globalShortcut');
export const MessageChannelMain = lacking<typeof Electron.MessageChannelMain>('MessageChannelMain');
export const net = lacking<Electron.Net>('net');
export const netLog = lacking<Electron.NetLog>('netLog');
export const powerSaveBlocker = lacking<Electron.PowerSaveBlocker>('powerSaveBlocker');
export const safeStorage = lacking<Electron.SafeStorage>('safeStorage');
export const systemPreferences = lacking<Electron.SystemPreferences>('systemPreferences');
export const webContents = lacking<typeof Electron.webContents>('webContents');
export const webFrameMain = lacking<typeof Electron.webFrameMain>('webFrameMain');
export const contextBridge = undefined;
export const ipcRenderer = undefined;

export default {
  app,
  autoUpdater,
  BrowserWindow,
  clipboard,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
  utilityProcess,
  webContents,
  webFrameMain,
};
