/** The terminal program: reads the command line, runs the command, and turns its outcome into an exit code. */

import { VERSION } from '../contract/version.ts';
import { benchCommand } from './bench.ts';
import { challengeCommand } from './challenge.ts';
import { type CommandLine, readCommandLine, UsageError } from './command-line.ts';
import { helpText } from './help.ts';
import { importCommand } from './import.ts';
import { collectPool } from './pool/collect.ts';
import { poolStatus } from './pool/status.ts';
import { submitAgain, submitPool } from './pool/submit.ts';
import { primesCommand } from './primes.ts';
import { searchCommand } from './search.ts';
import { searchToCheckpoint } from './search-to-checkpoint.ts';
import { selfTestCommand } from './selftest.ts';
import type { Outcome } from './session.ts';
import { exportCommand, showCommand, statusCommand } from './status.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { testCommand } from './test-number.ts';

const DONE = 0;
const FAILED = 1;
const USAGE = 2;
/** As a shell reports a program that a signal ended. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

async function run(line: CommandLine, terminal: Terminal): Promise<Outcome> {
  switch (line.command) {
    case 'help':
      process.stdout.write(helpText(line.about));
      return { end: 'answered' };
    case 'version':
      terminal.print(VERSION);
      return { end: 'answered' };
    case 'search':
      if (line.web !== null) {
        // Node's HTTP is a third of the time that the program takes to start.
        const { webCommand } = await import('./web/web.ts');
        return webCommand(line.job, line.web, terminal);
      }
      return line.exit === null
        ? searchCommand(line.job, line.json, terminal)
        : searchToCheckpoint(line.job, line.exit, line.json, terminal);
    case 'primes':
      return primesCommand(line.directory, line.format, terminal);
    case 'challenge':
      return challengeCommand(line, terminal);
    case 'status':
      return statusCommand(line.directory, line.json, terminal);
    case 'test':
      return testCommand(line, terminal);
    case 'checkpoint export':
      return exportCommand(line.directory, line.file, line.json, terminal);
    case 'checkpoint show':
      return showCommand(line.file, line.json, terminal);
    case 'bench':
      return benchCommand(line, terminal);
    case 'import':
      return importCommand(line.job, line.json, terminal);
    case 'selftest':
      return selfTestCommand(line, terminal);
    case 'pool submit':
      return submitPool(line.pool, line.dryRun, terminal);
    case 'pool submit again':
      return submitAgain(line.folder, line.jobs, line.dryRun, terminal);
    case 'pool status':
      return poolStatus(line.folder, line.json, terminal);
    case 'pool collect':
      return collectPool(line.folder, line.directory, line.json, terminal);
  }
}

function exitCode(outcome: Outcome, line: CommandLine, terminal: Terminal): number {
  switch (outcome.end) {
    case 'answered':
      return DONE;
    case 'failed':
      return FAILED;
    case 'refused':
      terminal.say(outcome.sentence);
      return FAILED;
    case 'checkpointed':
      return outcome.code;
    case 'crashed':
      terminal.say('nice19 failed unexpectedly; nothing that was saved is lost. What it said last:');
      for (const words of outcome.lastWords) terminal.say(`  ${words}`);
      return FAILED;
    case 'interrupted':
      if (line.command === 'import') terminal.say('Interrupted: nothing was changed.');
      else if (line.command === 'pool collect') terminal.say('Interrupted: the jobs before are collected.');
      else if (line.command !== 'search' && line.command !== 'selftest')
        terminal.say('Interrupted: there is no answer.');
      // Ctrl-C is the proper end of a search that has no other.
      return line.command === 'search' && line.job.count === null ? DONE : SIGNALS[outcome.signal];
  }
}

async function main(): Promise<number> {
  const terminal = processTerminal();
  try {
    const line = readCommandLine(process.argv.slice(2));
    const outcome = await run(line, terminal);
    terminal.settle();
    return exitCode(outcome, line, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.settle();
    terminal.say(error.message);
    return USAGE;
  }
}

// Whoever reads us has gone (`nice19 primes | head`): there is nobody to tell, and nothing to lose.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.kill(process.pid, 'SIGTERM');
});

process.exitCode = await main();
