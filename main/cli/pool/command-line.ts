/** `nice19 pool submit|status|collect`: what may be said, and the one sentence where it is wrong. */

import { MOST_JOB_PRIMES } from '../../contract/job-files.ts';
import { LARGEST_DIGITS } from '../../contract/search-spec.ts';
import { quoted } from '../../contract/sentence.ts';
import { MOST_JOBS, SMALLEST_POOL_DIGITS } from '../../pool/plan.ts';
import { directory, error, seconds, seed, text, UsageError, type Values, wholeNumber } from '../options.ts';
import type { NewPool } from './submit.ts';

export type PoolCommand =
  | { readonly command: 'pool submit'; readonly pool: NewPool; readonly dryRun: boolean }
  | {
      readonly command: 'pool submit again';
      readonly folder: string;
      readonly jobs: readonly number[];
      readonly dryRun: boolean;
    }
  | { readonly command: 'pool status'; readonly folder: string; readonly json: boolean }
  | { readonly command: 'pool collect'; readonly folder: string; readonly directory: string; readonly json: boolean };

const USAGE =
  'Say "nice19 pool submit --digits D --jobs J", "nice19 pool status FOLDER" or "nice19 pool collect FOLDER"; see "nice19 pool --help".';
/** CPU seconds between two checkpoints of a job. */
const DEFAULT_EVERY = 3600;

/** What each takes. */
const TAKES = {
  submit: ['digits', 'jobs', 'count', 'error', 'every', 'seed', 'node', 'folder', 'again', 'dry-run'],
  status: ['json'],
  collect: ['data', 'json'],
} as const;

/** @throws UsageError */
export function readPoolCommand(values: Values, positionals: readonly string[]): PoolCommand {
  const [action, folder, ...more] = positionals;
  if (action !== 'submit' && action !== 'status' && action !== 'collect') throw new UsageError(USAGE);
  const foreign = Object.keys(values).find((option) => !(TAKES[action] as readonly string[]).includes(option));
  if (foreign !== undefined) throw new UsageError(`"pool ${action}" takes no --${foreign}; see "nice19 pool --help".`);
  if (action === 'submit') return readSubmit(values, positionals.slice(1));
  if (folder === undefined || folder === '' || more.length > 0) throw new UsageError(USAGE);
  const json = values['json'] === true;
  return action === 'status'
    ? { command: 'pool status', folder, json }
    : { command: 'pool collect', folder, directory: directory(values), json };
}

function readSubmit(values: Values, [word]: readonly string[]): PoolCommand {
  if (word !== undefined) throw new UsageError(`${quoted(word)} is one word too many; see "nice19 pool --help".`);
  const dryRun = values['dry-run'] === true;
  const folder = path(values, 'folder');
  if (values['again'] !== undefined) return readAgain(values, folder, dryRun);
  const digits = wholeNumber(values, 'digits', SMALLEST_POOL_DIGITS, LARGEST_DIGITS);
  const jobs = wholeNumber(values, 'jobs', 1, MOST_JOBS);
  if (digits === null || jobs === null) {
    throw new UsageError('Say how large and how many: "nice19 pool submit --digits 10000 --jobs 100".');
  }
  return {
    command: 'pool submit',
    dryRun,
    pool: {
      digits,
      jobs,
      count: wholeNumber(values, 'count', 1, MOST_JOB_PRIMES),
      errorLog2: error(values),
      every: seconds(values, 'every', DEFAULT_EVERY),
      seed: seed(values),
      node: path(values, 'node'),
      folder,
    },
  };
}

function readAgain(values: Values, folder: string | null, dryRun: boolean): PoolCommand {
  const fixed = ['digits', 'jobs', 'count', 'error', 'every', 'seed', 'node'].find((one) => values[one] !== undefined);
  if (fixed !== undefined) throw new UsageError(`With --again the pool says what is searched: leave --${fixed} out.`);
  if (folder === null) throw new UsageError('Say of which pool: "nice19 pool submit --again 7 --folder FOLDER".');
  const jobs = (text(values, 'again') as string)
    .split(',')
    .map((one) => wholeNumber({ again: one }, 'again', 0, MOST_JOBS - 1) as number);
  return { command: 'pool submit again', folder, jobs: [...new Set(jobs)], dryRun };
}

/** As the description can hold it. */
function path(values: Values, option: string): string | null {
  const given = text(values, option);
  if (given === null) return null;
  if (given === '' || /[\p{Cc}"$,]/u.test(given))
    throw new UsageError(`--${option} wants a path without quotes, commas and dollars.`);
  return given;
}
