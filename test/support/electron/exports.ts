/// <reference types="electron" />
/** What Electron exports: parts of it, and the names of all the rest. */

import { dialog as standInDialog, shell as standInShell } from './asking.ts';
import { complete, completeClass, lacking } from './complete.ts';
import { ipcMain as standInIpcMain } from './ipc.ts';
import { Menu as StandInMenu, MenuItem as StandInMenuItem } from './menu.ts';
import { nativeImage as standInNativeImage } from './native-image.ts';
import { StandInNotification } from './notification.ts';
import { standInApp } from './running.ts';
import {
  nativeTheme as standInNativeTheme,
  powerMonitor as standInPowerMonitor,
  screen as standInScreen,
} from './senses.ts';
import { protocol as standInProtocol, session as standInSession } from './session.ts';
import { StandInTray } from './tray.ts';
import { utilityProcessOf } from './utility-process.ts';

export { BrowserWindow } from './browser-window.ts';
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

export const autoUpdater = lacking<typeof Electron.autoUpdater>('autoUpdater');
export const BaseWindow = lacking<typeof Electron.BaseWindow>('BaseWindow');
export const BrowserView = lacking<typeof Electron.BrowserView>('BrowserView');
export const clipboard = lacking<typeof Electron.clipboard>('clipboard');
export const ClipboardItem = lacking<typeof Electron.ClipboardItem>('ClipboardItem');
export const contentTracing = lacking<typeof Electron.contentTracing>('contentTracing');
export const contextBridge = lacking<typeof Electron.contextBridge>('contextBridge');
export const crashReporter = lacking<typeof Electron.crashReporter>('crashReporter');
export const desktopCapturer = lacking<typeof Electron.desktopCapturer>('desktopCapturer');
export const globalShortcut = lacking<typeof Electron.globalShortcut>('globalShortcut');
export const ImageView = lacking<typeof Electron.ImageView>('ImageView');
export const inAppPurchase = lacking<typeof Electron.inAppPurchase>('inAppPurchase');
export const IpcMainServiceWorker = lacking<typeof Electron.IpcMainServiceWorker>('IpcMainServiceWorker');
export const ipcRenderer = lacking<typeof Electron.ipcRenderer>('ipcRenderer');
export const LanguageModelUtility = lacking<typeof Electron.LanguageModelUtility>('LanguageModelUtility');
export const localAIHandler = lacking<typeof Electron.localAIHandler>('localAIHandler');
export const MessageChannelMain = lacking<typeof Electron.MessageChannelMain>('MessageChannelMain');
export const net = lacking<typeof Electron.net>('net');
export const netLog = lacking<typeof Electron.netLog>('netLog');
export const parentPort = lacking<typeof Electron.parentPort>('parentPort');
export const powerSaveBlocker = lacking<typeof Electron.powerSaveBlocker>('powerSaveBlocker');
export const pushNotifications = lacking<typeof Electron.pushNotifications>('pushNotifications');
export const safeStorage = lacking<typeof Electron.safeStorage>('safeStorage');
export const sharedTexture = lacking<typeof Electron.sharedTexture>('sharedTexture');
export const ShareMenu = lacking<typeof Electron.ShareMenu>('ShareMenu');
export const systemPreferences = lacking<typeof Electron.systemPreferences>('systemPreferences');
export const TouchBar = lacking<typeof Electron.TouchBar>('TouchBar');
export const View = lacking<typeof Electron.View>('View');
export const webContents = lacking<typeof Electron.webContents>('webContents');
export const WebContentsView = lacking<typeof Electron.WebContentsView>('WebContentsView');
export const webFrame = lacking<typeof Electron.webFrame>('webFrame');
export const webFrameMain = lacking<typeof Electron.webFrameMain>('webFrameMain');
export const WebSocket = lacking<typeof Electron.WebSocket>('WebSocket');
export const webUtils = lacking<typeof Electron.webUtils>('webUtils');
