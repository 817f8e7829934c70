/** What `--help` teaches. */

import { defaultDataDirectory } from './data-directory.ts';

export const COMMANDS = [
  'search',
  'primes',
  'challenge',
  'status',
  'test',
  'checkpoint',
  'import',
  'bench',
  'selftest',
  'pool',
] as const;
export type CommandName = (typeof COMMANDS)[number];

const OVERVIEW = `nice19 turns a computer's spare time into large prime numbers.

Usage: nice19 <command> [options]

Commands
  search       search for primes at the lowest priority, going on where it stopped
  primes       the primes found, newest first
  challenge    a composite for factoring wizards, made of two of them
  status       what is going on, or where it stopped
  test         one number: composite, or probably prime, and how sure that is
  checkpoint   export a search to a file, or show what such a file holds
  import       merge the primes of another data directory or of a checkpoint file
  bench        what each size costs on this computer
  selftest     whether this computer computes right
  pool         the same search on many computers, as jobs of HTCondor

"nice19 <command> --help" says more.  Begin with: nice19 search
Everything is kept in one directory: ${defaultDataDirectory()}
(another one: --data DIR)

Exit codes: 0 done, 1 it cannot be done (a sentence says why), 2 the command line is wrong,
130 or 143 interrupted before the end.
`;

const DATA = `  --data DIR              where the search is kept (${defaultDataDirectory()})`;

const ABOUT: Record<CommandName, string> = {
  search: `Usage: nice19 search [options]

Searches for primes with a given number of digits, with the lowest priority that the system has,
until --count primes are found or Ctrl-C. What was begun in the data directory is gone on with:
stopping, a crash or a reboot costs nothing but the work since the last checkpoint.

  --digits N              digits of the primes, 10 to 100,000 (the last search's, at first 1000)
  --count K               end when the search has K primes in all
  --error 2^-80           stated error of a prime: at most this for any composite; 2^-40 to 2^-128
  --workers W             threads that compute (one a core)
  --checkpoint-every S    seconds of CPU time between two checkpoints (300)
  --seed HEX              256-bit seed: the same seed, digits and error give the same primes
${DATA}
  --restart FILE          go on from a checkpoint file, in a directory that does not have that search
  --kernel NAME           auto, fft, schoolbook or bigint: one kernel only, for comparisons
  --json                  one JSON object a line: {"event":"started"|"prime"|"progress"|"checkpoint"|"done", …}
  --web                   with its window in the browser, and the window's settings (below)
  --begin                 with --web: do not wait for the window's first page
  --exit-on-checkpoint N  end with exit code N (10 to 125) after a checkpoint, to be started again: for jobs of
                          HTCondor. The search is kept in two files of the working directory (or --data),
                          nice19.state and nice19.finds, and goes on from them; one worker unless --workers says
                          otherwise. SIGTERM saves and ends with N within 10 s; 0: --count is reached (250,000
                          at most, and if none is given)
  --every S               with it: seconds of CPU time to compute before that checkpoint (3600)

With --web the address of the window is shown; no browser is opened by itself. It is for this computer
and its user alone: at 127.0.0.1, at another port each time, and an address opens it once, for as long as
the program runs. --digits, --error and --workers change the settings; without --digits or --begin a new
data directory waits for the window's first page. From elsewhere, through SSH, with the port that is shown:

  ssh -L PORT:127.0.0.1:PORT HOST        and then the same address in the browser there

Examples
  nice19 search --digits 1000 --count 3
  nice19 search --digits 10000 --error 2^-40 --workers 1
  nice19 search --web
`,
  primes: `Usage: nice19 primes [--data DIR] [--json|--csv]

The primes found, newest first: of every search of the directory, also while one runs.

${DATA}
  --json                  an array of records with all digits and bases
  --csv                   a table with all digits, for spreadsheets
`,
  challenge: `Usage: nice19 challenge [--digits D] [--reveal] [--data DIR] [--json]

The product of two primes that were found here, drawn at random: whoever does not know them can hardly
take it apart when it is large. The factors are not told, unless you ask for them; another composite is
made each time.

  --digits D              about so many digits, 20 to 200,000 (of two primes of the size found last)
  --reveal                tell the two factors too
${DATA}
  --json                  {"digits","composite","neighbours"}, and with --reveal "factors"

Examples
  nice19 challenge --digits 2000
  nice19 challenge --json > composite.json
`,
  status: `Usage: nice19 status [--data DIR] [--json]

What is going on or where it stopped, CPU time of the search and in all, and the priority that the
system gave at the last start.

${DATA}
  --json                  one JSON object
`,
  test: `Usage: nice19 test NUMBER|@FILE [options]

Says whether a number is composite, with a witness, or a probable prime, and how sure that is. The
number is decimal, 0x hexadecimal, or an expression with + - * / ^ ( ) ! and # (primorial):

  nice19 test 2^1279-1          nice19 test "10^999+7"        nice19 test "77!+1"
  nice19 test "3*2^2816+1"      nice19 test "37#+1"           nice19 test @number.txt

A negative number goes behind "--".

  --error 2^-80           worst-case error of "probable prime", 2^-40 to 2^-128
  --thorough              ask OpenSSL too: slow for large numbers, and without progress
  --kernel NAME           auto, fft, schoolbook or bigint
  --json                  {"verdict","rounds","worstCaseLog2","averageCaseLog2","witness",…}

The verdict does not change the exit code: it is 0 whenever there is one.
`,
  checkpoint: `Usage: nice19 checkpoint export FILE [--data DIR] [--json]
       nice19 checkpoint show FILE [--json]

"export" writes the search used last, its tests in progress and its primes, to one file that any
nice19 on any machine can go on from: nice19 search --restart FILE. It works while the search runs
and takes what was saved last. "show" says what is in such a file.

${DATA}
  --json                  one JSON object
`,
  import: `Usage: nice19 import DIRECTORY|FILE [--data DIR] [--json]

Merges another data directory, or a checkpoint file, into this one, without duplicates: searches that
are new here with all that they have, and of a search that is here too whichever is further. The
search that "nice19 search" goes on with stays the same. The other directory is only read, also while
a search runs there; none may be running here.

Who made the file does not matter for its primes: each one that is new here is tested again before
anything is stored, and if a single one fails nothing is. How far a search says that it has come
cannot be tested: where primes may have been left out, they stay left out.

${DATA}
  --json                  one JSON object: {"searches","primes","adopted","advanced","added"}

Examples
  nice19 import /media/usb/nice19          the data directory of another computer
  nice19 import other.checkpoint           made by "nice19 checkpoint export"
`,
  bench: `Usage: nice19 bench [--digits N,N,…] [--kernel NAME] [--json]

Measures on one core, for each size: a modular squaring and a base-2 test of one candidate, the
sieve, and the CPU time that a prime to 2^-80 may be expected to take.

  --digits N,…            sizes, 20 to 100,000 (100,300,500,1000,2000,5000,10000)
  --kernel NAME           auto, fft, schoolbook or bigint
  --json                  an array of {"kernel","digits","bits","nsPerSquaring","base2TestMs","cpuSecondsPerPrime",…}
`,
  selftest: `Usage: nice19 selftest [--minutes M] [--workers N] [--json]

Computes what is known: powers modulo numbers of 20 to 100,000 digits whose results came from PARI/GP,
and primes and composites from the literature through the whole confirmation, on every core and with
every kernel that this CPU can run. A computer that is overclocked, too hot or has failing memory
shows it here. It runs at the lowest priority; on an idle computer it is a test of the cooling too.

  --minutes M             how long; every thread does the small sizes at least once (1)
  --workers N             threads (one a core, each bound to its core where the system can do that)
  --json                  one JSON object: {"complete","tests","errors","kernels","threads","faults"}

An error names the kernel, the size and the core. Exit code 0: no errors; 1: there were some.

Examples
  nice19 selftest
  nice19 selftest --minutes 480        overnight, after building or overclocking a computer
`,
  pool: `Usage: nice19 pool submit --digits D --jobs J [options]
       nice19 pool submit --again JOB,… --folder FOLDER [--dry-run]
       nice19 pool status FOLDER [--json]
       nice19 pool collect FOLDER [--data DIR] [--json]

The same search on a pool of computers that HTCondor looks after: J jobs of one core each, which give way to
everybody, save each hour, and go on elsewhere when their computer is wanted. docs/pool.md has a walk
from an empty computer to a pool.

"submit" makes a folder with a submit description that you can read, keep and change, and hands it to
condor_submit. Each job has a seed of its own, derived from one seed of the pool: no two jobs search the
same numbers, and a job that was lost can be run again. "status" says what the queue, the log and the last
checkpoints say. "collect" merges the finds of all jobs into your data directory, each tested again, as
often as you like, also while the jobs run. Collect before you remove jobs (condor_rm).

  --digits D              digits of the primes, 100 to 100,000
  --jobs J                jobs, 1 to 100,000
  --count K               a job ends when it has K primes (250,000 at most, and if none is given)
  --error 2^-80           stated error of a prime, 2^-40 to 2^-128
  --every S               seconds of CPU time between two checkpoints that are carried to safety (3600)
  --seed HEX              the pool's 256-bit seed: the same one gives the same primes
  --node PATH             Node 24.15 or newer is there on every computer: it is not carried along (126 MB a start)
  --folder FOLDER         the pool's folder (nice19-pool-ID here)
  --again JOB,…           these jobs of the pool in --folder once more, from what was collected of them
  --dry-run               print the description, and do nothing
${DATA}
  --json                  one JSON object

Examples
  nice19 pool submit --digits 10000 --jobs 100 --dry-run
  nice19 pool submit --digits 10000 --jobs 100 --folder ten-thousand
  nice19 pool status ten-thousand
  nice19 pool collect ten-thousand
`,
};

export function helpText(about: CommandName | null): string {
  return about === null ? OVERVIEW : ABOUT[about];
}
