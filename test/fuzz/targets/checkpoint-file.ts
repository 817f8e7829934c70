/** The reader of checkpoint files against damage: what it takes is what was written. */

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Refusal } from '../../../main/cruncher/jobs/context.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../../main/cruncher/store/checkpoint-file.ts';
import { type ByteMutation, byteMutations, mutated } from '../byte-mutations.ts';
import { makeCorpus } from '../corpus.ts';
import { refused, TAKEN, type Target } from '../target.ts';

interface Case {
  readonly specimen: number;
  readonly mutations: readonly ByteMutation[];
}

export async function checkpointFileTarget(place: string): Promise<Target<Case>> {
  const contents = (await makeCorpus(place)).map(({ content }) => content);
  const files = contents.map(encodeCheckpoint);
  return {
    name: 'checkpoint file, damaged',
    cases: fc.record({ specimen: fc.nat(files.length - 1), mutations: byteMutations }),
    run({ specimen, mutations }) {
      try {
        const read = decodeCheckpoint(mutated(files[specimen] as Buffer, mutations), 'spoilt.checkpoint');
        // A change of the header's spaces, or one that another took back.
        if (!isDeepStrictEqual(read, contents[specimen])) throw new Error('a damaged file was taken for another one');
        return TAKEN;
      } catch (error) {
        if (error instanceof Refusal) return refused(error.message);
        throw error;
      }
    },
  };
}
