/** HTCondor's own programs, which do all that has to do with its queue: found, run, and their words taken. */

import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beginning, oneLine } from '../../contract/sentence.ts';
import { QUEUE_ATTRIBUTES, type QueuedJob, readQueue } from '../../pool/queue.ts';

/** What can be wrong is said in one sentence. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string };

const LONGEST_OUTPUT = 200 * 2 ** 20;
const FOLDER_LINE = /^(?:(\d+\.\d+)\s+)?(\/.*)$/gm;
/** Jobs named in one call, so that a command line does not become too long. */
const AT_ONCE = 500;

export const NOT_INSTALLED =
  'HTCondor is not installed here (there is no condor_submit): on Debian 13 "apt-get install minihtcondor" makes this computer a pool of its own, docs/pool.md says how to make a larger one, and --dry-run shows what would be submitted.';

/** Whether a program is in the PATH. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return directory !== '';
    } catch {
      return false;
    }
  });
}

/** Runs one of its programs to its end. */
function run(program: string, args: readonly string[], cwd?: string): Promise<Answer<string>> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: LONGEST_OUTPUT, ...(cwd !== undefined && { cwd }) }, (error, out, err) => {
      if (error === null) resolve({ ok: true, value: out });
      else if ((error as NodeJS.ErrnoException).code === 'ENOENT') resolve({ ok: false, sentence: NOT_INSTALLED });
      else resolve({ ok: false, sentence: `${program} says: ${lastWords(`${out}\n${err}`)}` });
    });
  });
}

function lastWords(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return (
    beginning(
      oneLine(
        lines
          .filter((line) => line !== '')
          .slice(-3)
          .join(' '),
      ),
      400,
    ) || 'nothing.'
  );
}

/** Hands a description to HTCondor. @returns what it says */
export function submit(folder: string, description: string): Promise<Answer<string>> {
  return run('condor_submit', [description], folder);
}

/** The jobs of a pool that are in the queue. */
export async function queueOf(pool: string): Promise<Answer<QueuedJob[]>> {
  const attributes = QUEUE_ATTRIBUTES.join(',');
  const answer = await run('condor_q', ['-constraint', `Nice19Pool == "${pool}"`, '-json', '-attributes', attributes]);
  if (!answer.ok) return answer;
  const jobs = readQueue(answer.value);
  return jobs === null
    ? { ok: false, sentence: 'condor_q says something else than expected; is this HTCondor 23 or newer?' }
    : { ok: true, value: jobs };
}

/**
 * Where HTCondor keeps the last checkpoints of jobs in the queue, by their names. A job without one is left out, and so are
 * all where the tool cannot say: it must run on the submit node.
 */
export async function checkpointFolders(names: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let k = 0; k < names.length; k += AT_ONCE) {
    const answer = await run('condor_evicted_files', ['dir', ...names.slice(k, k + AT_ONCE)]);
    // Asked for one job alone it leaves the name out.
    for (const [, name = names[k] as string, folder] of (answer.ok ? answer.value : '').matchAll(FOLDER_LINE)) {
      found.set(name, (folder as string).trim());
    }
  }
  return found;
}
