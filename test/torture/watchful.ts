/**
 * The terminal's search with a watchdog of two seconds instead of two minutes: an option of the job that the command
 * line does not have. Everything else is what `nice19 search` does.
 */

import { readCommandLine } from '../../main/cli/command-line.ts';
import { searchCommand } from '../../main/cli/search.ts';
import { processTerminal } from '../../main/cli/terminal.ts';

const WATCHDOG_TICKS = 2;

const line = readCommandLine(process.argv.slice(2));
if (line.command !== 'search') throw new Error(`expected a search, got ${line.command}`);
const terminal = processTerminal();
const outcome = await searchCommand({ ...line.job, watchdogTicks: WATCHDOG_TICKS }, line.json, terminal);
if (outcome.end === 'refused') terminal.say(outcome.sentence);
process.exitCode = outcome.end === 'answered' ? 0 : 1;
