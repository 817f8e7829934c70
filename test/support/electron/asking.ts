/** Dialogs and the user's other programs: what the app asks of them is recorded, and nothing is opened. */

import { record } from './desktop.ts';

/** Electron takes a window before the options, or none. */
const optionsOf = (given: unknown[]): Record<string, unknown> => (given.at(-1) ?? {}) as Record<string, unknown>;

export const dialog = {
  /** Answered as by the Escape key. */
  async showMessageBox(...given: unknown[]) {
    const { message, cancelId } = optionsOf(given);
    record(`message box: ${message}`);
    return { response: Number(cancelId ?? 0), checkboxChecked: false };
  },
  showErrorBox(title: string, content: string) {
    record(`error box: ${title}: ${content}`);
  },
  async showOpenDialog(...given: unknown[]) {
    record(`open dialog: ${optionsOf(given)['title'] ?? ''}`);
    return { canceled: true, filePaths: [] };
  },
  async showSaveDialog(...given: unknown[]) {
    record(`save dialog: ${optionsOf(given)['title'] ?? ''}`);
    return { canceled: true, filePath: '' };
  },
} satisfies Pick<Electron.Dialog, 'showMessageBox' | 'showErrorBox' | 'showOpenDialog' | 'showSaveDialog'>;

export const shell = {
  beep: () => record('beep'),
  async openExternal(url: string) {
    record(`open ${url}`);
  },
  async openPath(path: string) {
    record(`open ${path}`);
    return '';
  },
  showItemInFolder: (path: string) => record(`show ${path}`),
} satisfies Pick<Electron.Shell, 'beep' | 'openExternal' | 'openPath' | 'showItemInFolder'>;
