/**
 * What the page gets of Electron: a way to send the bridge's messages and a way to hear them, and nothing else. No event, no
 * sender, no channel of the page's choosing goes through; what is sent is checked on the other side.
 */

import { contextBridge, ipcRenderer } from 'electron';
import type { PreloadBridge } from '../contract/bridge.ts';
import { CHANNEL } from './channel.ts';

const bridge: PreloadBridge = {
  send: (message) => ipcRenderer.send(CHANNEL, message),
  onMessage(listener) {
    const received = (_event: unknown, message: unknown): void => listener(message as Parameters<typeof listener>[0]);
    ipcRenderer.on(CHANNEL, received);
    return () => void ipcRenderer.off(CHANNEL, received);
  },
};

contextBridge.exposeInMainWorld('nice19', bridge);
