/** The app that runs in this process, and how a test drives it. */

import { StandInApp } from './app.ts';
import { windowsOf } from './browser-window.ts';
import { identity } from './identity.ts';
import { obeyFor } from './orders.ts';

export const standInApp = new StandInApp(identity);
standInApp.windows = windowsOf(standInApp);

export const obey = obeyFor(standInApp);
