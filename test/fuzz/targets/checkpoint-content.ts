/**
 * The reader of checkpoint files against malice: the content is changed and its digest fits. What is taken is adopted
 * into a store, and the search goes on from there for a while.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { SearchJob } from '../../../main/contract/messages.ts';
import { Refusal } from '../../../main/cruncher/jobs/context.ts';
import { adoptCheckpoint } from '../../../main/cruncher/jobs/restart.ts';
import { contentProblem } from '../../../main/cruncher/run/state-check.ts';
import { readCheckpoint } from '../../../main/cruncher/store/checkpoint-file.ts';
import { PaperRun } from '../../support/paper-run.ts';
import { makeCorpus, openVault } from '../corpus.ts';
import { type JsonMutation, jsonMutations, mutatedJson } from '../json-mutations.ts';
import { sealed } from '../sealed.ts';
import { refused, TAKEN, type Target } from '../target.ts';

interface Case {
  readonly specimen: number;
  readonly mutations: readonly JsonMutation[];
}

/** Slices of the search that goes on. */
const STEPS = 12;

export async function checkpointContentTarget(place: string): Promise<Target<Case>> {
  const contents = (await makeCorpus(place)).map(({ content }) => content);
  const directory = join(place, 'adopting');
  const file = join(place, 'spoilt.checkpoint');
  const job: SearchJob = {
    type: 'search',
    directory,
    digits: null,
    errorLog2: null,
    seed: null,
    restart: file,
    count: null,
    workers: 1,
    checkpointEvery: 300,
    kernel: null,
  };
  return {
    name: 'checkpoint content, sealed again',
    cases: fc.record({ specimen: fc.nat(contents.length - 1), mutations: jsonMutations }),
    async run({ specimen, mutations }) {
      writeFileSync(file, sealed(mutatedJson(contents[specimen], mutations)));
      try {
        // Most are refused here, before there is a store.
        const problem = contentProblem(readCheckpoint(file));
        if (problem !== null) return refused(`It does not hold what a checkpoint holds: ${problem}.`);
        await adoptAndGoOn(job);
        return TAKEN;
      } catch (error) {
        if (error instanceof Refusal) return refused(error.message);
        throw error;
      }
    },
  };
}

async function adoptAndGoOn(job: SearchJob): Promise<void> {
  mkdirSync(job.directory);
  const store = openVault(job.directory);
  try {
    const { spec } = await adoptCheckpoint(job, job.restart as string, store, { isStopped: () => false }, 'now');
    const paper = new PaperRun({ store, spec, count: null, workers: 1 }).start();
    for (let k = 0; k < STEPS; k++) {
      try {
        await paper.step();
      } catch (error) {
        // In a thread: it is lost, and its unit begun again.
        paper.workers[0]?.lose((error as Error).message);
      }
      if (paper.failed !== null) throw paper.failed;
    }
    void paper.run.stop();
    await paper.untilEnd();
  } finally {
    await store.close();
    rmSync(job.directory, { recursive: true, force: true });
  }
}
