/**
 * Data directories with spoilt files: the store and its log, sometimes the journal too, running or closed. The questions
 * are asked that only read; then a search takes the directory as it would at its start, reads all of it and saves. While
 * the journal is whole nothing may be missing after that, and never is there anything that was not put in.
 */

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { CruncherEvent } from '../../../main/contract/messages.ts';
import { type JobContext, Refusal } from '../../../main/cruncher/jobs/context.ts';
import { lockPatience, takeDirectory, withVault } from '../../../main/cruncher/jobs/directory.ts';
import { answerPrimes, answerStatus, exportCheckpoint } from '../../../main/cruncher/jobs/queries.ts';
import { OutOfStep } from '../../../main/cruncher/store/vault.ts';
import { putFiles } from '../../torture/power-cut/record.ts';
import { type ByteMutation, byteMutations, mutated } from '../byte-mutations.ts';
import { makeCorpus } from '../corpus.ts';
import { refused, sentenceProblem, TAKEN, type Target } from '../target.ts';

export interface StoreCase {
  readonly specimen: number;
  readonly state: 'running' | 'closed';
  readonly journalToo: boolean;
  /** Files by turns: names are taken modulo how many there are. */
  readonly spoilt: { readonly file: number; readonly mutations: readonly ByteMutation[] }[];
}

/** A store as version 0.1.0 left it; nothing can mend it. */
const OLD = new URL('../../data/stores/version-1.sqlite', import.meta.url);

interface Specimen {
  readonly running: ReadonlyMap<string, Buffer>;
  readonly closed: ReadonlyMap<string, Buffer>;
  /** Primes of the search that was used last. */
  readonly primes: readonly string[];
}

export async function storeTarget(place: string): Promise<Target<StoreCase>> {
  const corpus: Specimen[] = (await makeCorpus(place)).map(({ content, ...files }) => ({
    ...files,
    primes: content.primes.map(({ decimal }) => decimal),
  }));
  const old = new Map([['nice19.sqlite', readFileSync(OLD)]]);
  corpus.push({ running: old, closed: old, primes: [] });
  const directory = join(place, 'spoilt');
  const spoiltFile = fc.record({ file: fc.nat(3), mutations: byteMutations });
  return {
    name: 'store, damaged',
    cases: fc.record({
      specimen: fc.nat(corpus.length - 1),
      state: fc.constantFrom('running', 'closed'),
      journalToo: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      spoilt: fc.array(spoiltFile, { minLength: 1, maxLength: 2 }),
    }),
    async run({ specimen, state, journalToo, spoilt }) {
      const { primes, [state]: whole } = corpus[specimen] as Specimen;
      const files = new Map(whole);
      const names = [...files.keys()].filter((name) => name.startsWith(journalToo ? '' : 'nice19.sqlite')).sort();
      for (const { file, mutations } of spoilt) {
        const name = names[file % names.length] as string;
        files.set(name, mutated(files.get(name) as Buffer, mutations));
      }
      try {
        putFiles(files, directory);
        const refusals = await ask(directory);
        const there = await searchAgain(directory, refusals);
        const refusal = refusals.at(-1) ?? '';
        // A damaged version is taken at its word: nothing is changed, and nothing is lost.
        if (primes.length > 0 && there === null && !journalToo && !refusal.includes('newer nice19')) {
          throw new Error(`the store is not mended, though its journal is whole: ${refusal}`);
        }
        if (primes.length > 0 && there !== null) requirePrimes(there, primes, journalToo);
        return refusals[0] === undefined ? TAKEN : refused(refusals[0]);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  };
}

/** The questions; what they are refused with. */
async function ask(directory: string): Promise<string[]> {
  const context = { emit: (_: CruncherEvent) => {}, isStopped: () => false } as JobContext;
  const file = join(directory, 'x.checkpoint');
  const questions = [
    () => answerStatus({ type: 'status', directory }, context),
    () => answerPrimes({ type: 'primes', directory }, context),
    () => exportCheckpoint({ type: 'export', directory, file }, context),
  ];
  const refusals: string[] = [];
  for (const question of questions) {
    try {
      await question();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error.message);
    }
  }
  return refusals;
}

/**
 * What a search does with the directory before it begins, and at its first saving.
 * @returns its primes; null when it was refused
 */
async function searchAgain(directory: string, refusals: string[]): Promise<string[] | null> {
  const owner = { pid: process.pid, since: '2026-01-02T03:04:05.678Z' };
  const tell = (sentence: string): void => {
    const problem = sentenceProblem(`${sentence}.`);
    if (problem !== null) throw new Error(`the user is told ${JSON.stringify(sentence)}: ${problem}`);
  };
  try {
    const lock = await takeDirectory(directory, owner, { ...lockPatience(() => true), patienceMs: 0 });
    return await withVault({ directory, lock, owner, tell }, (vault) => {
      const search = vault.latestSearch();
      if (search === null) return [];
      const { id, state } = search;
      vault.survivors(id, state.position.block);
      const found = vault.primesOf(id).map(({ decimal }) => decimal);
      vault.save({ id, state, finds: [], cpuSecondsInAll: vault.cpuSecondsInAll + 1, at: owner.since });
      return found;
    });
  } catch (error) {
    // Out of step: what was read through the log was not to be restored. A real search then begins again from there.
    if (!(error instanceof Refusal || error instanceof OutOfStep)) throw error;
    refusals.push(error instanceof Refusal ? error.message : `${error.message}.`);
    return null;
  }
}

function requirePrimes(there: readonly string[], primes: readonly string[], journalToo: boolean): void {
  const strange = there.findIndex((decimal, k) => decimal !== primes[k]);
  if (strange >= 0) throw new Error(`prime ${strange + 1} is another one than was found`);
  if (!journalToo && there.length < primes.length) {
    throw new Error(`${there.length} of ${primes.length} primes are there, though the journal is whole`);
  }
}
