/**
 * `nice19 search --web`: the search as the desktop app has it, with the same settings and the same window, but in a terminal and
 * a browser. The terminal shows what `nice19 search` does, and the address.
 */

import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoginItem } from '../../contract/bridge.ts';
import type { Command, CruncherEvent, SearchJob } from '../../contract/messages.ts';
import type { SettingsPatch } from '../../contract/settings.ts';
import { LogFile } from '../../host/log.ts';
import { SearchHost } from '../../host/search-host.ts';
import { systemClock } from '../../host/system-clock.ts';
import { forkCruncher } from '../../supervisor/fork-port.ts';
import type { Web } from '../command-line.ts';
import { textTeller } from '../search.ts';
import { terminalSenses } from '../senses.ts';
import { CRUNCHER, listenToSignals, type Outcome } from '../session.ts';
import { type HeldBack, heldBack, settingsFileOf } from '../settings-file.ts';
import type { Terminal } from '../terminal.ts';
import { serveWindow, type WindowServer } from './server.ts';

const FOLDER = new URL('../../../out/renderer/', import.meta.url);

/** As long as the cruncher may take to stop by itself and by signals. */
const END_LIMIT_MS = 32_000;

const NO_LOGIN_ITEM: LoginItem = {
  state: 'unavailable',
  sentence: 'A search in a terminal ends with it: the desktop app can start at login.',
};

export async function webCommand(job: SearchJob, web: Web, terminal: Terminal): Promise<Outcome> {
  const directory = resolve(job.directory);
  const log = new LogFile(join(directory, 'logs')).write;
  const settingsFile = heldBack(settingsFileOf(directory));
  const host = new SearchHost({
    directory,
    spawn: () => forkCruncher<Command, unknown>({ module: CRUNCHER }),
    settingsFile,
    clock: systemClock,
    senses: terminalSenses,
    loginItem: { read: async () => NO_LOGIN_ITEM, set: async () => NO_LOGIN_ITEM },
    // The terminal shows each find as it comes.
    notifier: { show: () => {} },
    log,
    about: { shownBy: 'browser', platform: process.platform, host: hostname(), cores: availableParallelism() },
    checkpointEvery: job.checkpointEvery,
  });
  const outcome = Promise.withResolvers<Outcome>();
  saveOnceStarted(host, settingsFile, terminal);
  tell(host, { ...job, directory }, terminal, outcome.resolve);
  let server: WindowServer;
  try {
    server = await serveWindow({
      folder: fileURLToPath(FOLDER),
      connect: (send) => host.connect(send),
      clock: systemClock,
      log,
    });
  } catch (error) {
    return { end: 'refused', sentence: noWindow(error as NodeJS.ErrnoException) };
  }
  const stopListening = listenToSignals({
    stop(signal) {
      terminal.say('Saving …');
      void host.end(END_LIMIT_MS).then(() => outcome.resolve({ end: 'interrupted', signal }));
    },
    standStill: (still) => host.standStill(still),
  });
  const forgetAddress = showAddress(server, terminal);
  await begin(host, job, web);
  if (host.firstStart) terminal.say('Nothing runs yet: open the window and answer its first page.');
  const end = await outcome.promise;
  forgetAddress();
  await host.end(END_LIMIT_MS);
  await server.close();
  stopListening();
  terminal.settle();
  return end;
}

async function begin(host: SearchHost, { digits, errorLog2, workers }: SearchJob, web: Web): Promise<void> {
  const settings: SettingsPatch = {
    ...(digits === null ? {} : { digits }),
    ...(errorLog2 === null ? {} : { errorLog2 }),
    ...(workers === null ? {} : { cores: workers }),
  };
  // Who says how many digits knows what this is.
  if (host.firstStart && (web.begin || digits !== null)) await host.answerFirstPage({ settings, startAtLogin: false });
  else host.change(settings);
  host.begin();
}

/** Prints what happens, as `nice19 search` does, and ends where that does. */
function tell(host: SearchHost, job: SearchJob, terminal: Terminal, end: (outcome: Outcome) => void): void {
  for (const { sentence } of host.now.notices) terminal.say(sentence);
  const { onEvent, onRestart } = textTeller(job, terminal);
  host.onHappening((happening) => {
    switch (happening.is) {
      case 'event':
        onEvent(asPaced(happening.event, host));
        return;
      case 'crash':
        onRestart(happening.inMs, happening.lastWords);
        return;
      case 'refusal':
        end({ end: 'refused', sentence: happening.sentence });
        return;
      case 'notice':
        terminal.say(happening.sentence);
        return;
      default:
        return;
    }
  });
}

/** There is a thread for each core, of which so many compute as the settings say. */
function asPaced(event: CruncherEvent, { now }: SearchHost): CruncherEvent {
  return event.type === 'started' ? { ...event, workers: now.cores.used } : event;
}

/** Once the search has started the directory is ours, and so is the settings' file in it. */
function saveOnceStarted(host: SearchHost, file: HeldBack, terminal: Terminal): void {
  const forget = host.onHappening((happening) => {
    if (happening.is !== 'event' || happening.event.type !== 'started') return;
    forget();
    try {
      file.release();
    } catch (error) {
      terminal.say(
        `The settings cannot be saved (${(error as Error).message}): what was changed holds until nice19 ends.`,
      );
    }
  });
}

/** Shows the address, and another one when asked to by a signal. @returns no longer listens */
function showAddress(server: WindowServer, terminal: Terminal): () => void {
  const show = (): void => terminal.say(`The window: ${server.newAddress()}`);
  show();
  if (process.platform === 'win32') {
    terminal.say('It opens once, in a browser on this computer.');
    return () => {};
  }
  terminal.say(`It opens once, in a browser on this computer; "kill -USR2 ${process.pid}" shows another address.`);
  process.on('SIGUSR2', show);
  return () => process.off('SIGUSR2', show);
}

function noWindow(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT'
    ? 'The window is not built: run "npm run build", or leave --web out.'
    : `The window cannot be served (${error.message}): leave --web out.`;
}
