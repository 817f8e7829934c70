/**
 * What `nice19 import` takes from elsewhere: another directory whose store is spoilt, or a checkpoint file by somebody
 * who knows the format. It is merged into an empty directory; what is there then is prime, by OpenSSL's word.
 */

import { checkPrimeSync } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type JobContext, Refusal } from '../../../main/cruncher/jobs/context.ts';
import { runImport } from '../../../main/cruncher/jobs/import.ts';
import { putFiles } from '../../torture/power-cut/record.ts';
import { type ByteMutation, byteMutations, mutated } from '../byte-mutations.ts';
import { makeCorpus, openVault, type Specimen } from '../corpus.ts';
import { type JsonMutation, jsonMutations, mutatedJson } from '../json-mutations.ts';
import { sealed } from '../sealed.ts';
import { refused, TAKEN, type Target } from '../target.ts';

type Case = { readonly specimen: number } & (
  | { readonly from: 'directory'; readonly state: 'running' | 'closed'; readonly mutations: readonly ByteMutation[] }
  | { readonly from: 'file'; readonly mutations: readonly JsonMutation[] }
);

export async function importTarget(place: string): Promise<Target<Case>> {
  const corpus = await makeCorpus(place);
  const specimen = fc.nat(corpus.length - 1);
  const from = join(place, 'from');
  const directory = join(place, 'to');
  const context = {
    emit: () => {},
    isStopped: () => false,
    lowerPriority: () => ({}),
  } as unknown as JobContext;
  return {
    name: 'import',
    cases: fc.oneof(
      fc.record({
        specimen,
        from: fc.constant('directory' as const),
        state: fc.constantFrom('running' as const, 'closed' as const),
        mutations: byteMutations,
      }),
      fc.record({ specimen, from: fc.constant('file' as const), mutations: jsonMutations }),
    ),
    async run(input) {
      put(input, corpus[input.specimen] as Specimen, from);
      try {
        await runImport({ type: 'import', directory, from }, context);
        await requirePrimes(directory);
        return TAKEN;
      } catch (error) {
        if (error instanceof Refusal) return refused(error.message);
        throw error;
      } finally {
        for (const path of [from, directory]) rmSync(path, { recursive: true, force: true });
      }
    },
  };
}

function put(input: Case, { content, ...states }: Specimen, from: string): void {
  if (input.from === 'file') {
    writeFileSync(from, sealed(mutatedJson(content, input.mutations)));
    return;
  }
  const files = new Map(states[input.state]);
  const name = files.has('nice19.sqlite-wal') ? 'nice19.sqlite-wal' : 'nice19.sqlite';
  files.set(name, mutated(files.get(name) as Buffer, input.mutations));
  mkdirSync(from);
  putFiles(files, from);
}

async function requirePrimes(directory: string): Promise<void> {
  const vault = openVault(directory);
  try {
    for (const { prime } of vault.primes(Number.POSITIVE_INFINITY, 1000)) {
      if (!checkPrimeSync(BigInt(prime.decimal))) throw new Error(`${prime.decimal} was taken for a prime`);
    }
  } finally {
    await vault.close();
  }
}
