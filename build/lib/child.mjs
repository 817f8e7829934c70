/**
 * Runs a program in this process's place: same terminal, same signals, same end.
 *
 * Ctrl-C is sent by the terminal to every process of the foreground group, so the child has it already: passing it on would
 * be a second one, and ending here would leave the child without a parent while it saves its work. SIGTERM and SIGHUP
 * usually go to one process, so they are passed on.
 */

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/**
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} End how a process ended: one of the two is null
 */

/**
 * Runs a program until it ends.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, shell?: boolean }} [options] `capture` collects
 *   stdout and stderr in `output` and closes stdin; otherwise the child has this process's
 * @returns {Promise<End & { output: string, received: NodeJS.Signals | null }>} `received` is the last signal that came while it
 *   ran: npm ends with exit code 1 on Ctrl-C
 * @throws {Error} if the program cannot be started
 */
export function runChild(command, args, { cwd, env = process.env, capture = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env,
      shell,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    /** @type {NodeJS.Signals | null} */
    let received = null;
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      received = signal;
      child.kill(signal);
    };
    /** @param {NodeJS.Signals} signal */
    const fromTerminal = (signal) => {
      received = signal;
      if (!inForeground()) child.kill(signal);
    };
    const listeners = /** @type {const} */ ([
      ['SIGINT', fromTerminal],
      ['SIGQUIT', fromTerminal],
      ['SIGTERM', passOn],
      ['SIGHUP', passOn],
    ]);
    for (const [signal, listener] of listeners) process.on(signal, listener);
    const letGo = () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    };

    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => {
      letGo();
      reject(error);
    });
    child.once('close', (code, signal) => {
      letGo();
      resolve({ code, signal, output, received });
    });
  });
}

/**
 * Ends this process as the child ended: with its exit code, or by its signal.
 * @param {End} end
 */
export function endLike({ code, signal }) {
  process.exitCode = code ?? 1;
  if (signal) process.kill(process.pid, signal);
}

/** Whether a Ctrl-C at the terminal reaches this process's group, and so the child. */
function inForeground() {
  if (process.platform === 'linux') return isForegroundStat(readFileSync('/proc/self/stat', 'utf8'));
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false; // no terminal at all: the signal came from a program
  }
}

/**
 * @param {string} stat the text of /proc/PID/stat (proc_pid_stat(5)): after the name in parentheses come state, parent,
 *   process group, session, terminal and the terminal's foreground group, −1 without a terminal
 */
export function isForegroundStat(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[2] === fields[5];
}
