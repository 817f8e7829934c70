/**
 * What `import … from 'electron'` gives in the app's process. Every name of Electron's is there: one that is missing would stop
 * the app at its first import.
 */

import * as all from './exports.ts';

all satisfies Record<keyof typeof Electron.CrossProcessExports, unknown>;

export * from './exports.ts';
export default all;
