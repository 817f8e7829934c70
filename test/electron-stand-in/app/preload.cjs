/** The small app's preload. */

const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('tiny', {
  say: (/** @type {string} */ text) => ipcRenderer.send('tiny', text),
  double: (/** @type {number} */ number) => ipcRenderer.invoke('double', number),
  refuse: () => {
    throw new Error('refused by the preload');
  },
  /** @param {(text: string) => void} listener */
  onSaid: (listener) => void ipcRenderer.on('said', (_, { greeting, big }) => listener(`${greeting} ${big}`)),
});
