/** Questions about a data directory: answered beside a running search, and changing nothing. */

import * as v from 'valibot';
import type { CheckpointContent, SearchState } from '../../contract/checkpoint.ts';
import type { Job, Status } from '../../contract/messages.ts';
import { type PriorityReport, PriorityReportSchema } from '../../contract/priority.ts';
import type { SearchSpec } from '../../contract/search-spec.ts';
import { withBases } from '../run/records.ts';
import { searchId } from '../run/search-identity.ts';
import {
  checkpointContent,
  encodeCheckpoint,
  readCheckpoint,
  requireFitsFile,
  writeDurably,
} from '../store/checkpoint-file.ts';
import { directoryOwner } from '../store/lock.ts';
import { parseJson } from '../store/parse-json.ts';
import type { Store, StoredSearch } from '../store/store.ts';
import { type JobContext, nextTurn, Refusal } from './context.ts';
import { mendedSentence, withStore } from './directory.ts';

type JobOf<T extends Job['type']> = Extract<Job, { type: T }>;

const PAGE = 100;

/** Primes newest first, in pages. */
export async function answerPrimes(job: JobOf<'primes'>, { emit, isStopped }: JobContext): Promise<void> {
  await withStore(job.directory, async (store) => {
    const specs = new Map<string, SearchSpec | null>();
    const specOf = (id: string): SearchSpec | null => {
      const spec = specs.get(id) ?? store?.search(id)?.spec ?? null;
      specs.set(id, spec);
      return spec;
    };
    let before = Number.POSITIVE_INFINITY;
    while (store !== null && !isStopped()) {
      const page = store.primes(before, PAGE);
      const mended = page.filter((row) => row.mended).map(({ number }) => number);
      if (mended.length > 0) emit({ type: 'warning', sentence: mendedSentence(job.directory, mended) });
      const records = page.flatMap(({ prime }) => {
        const spec = specOf(prime.searchId);
        return spec === null ? [] : [withBases(prime, spec)];
      });
      if (page.length < PAGE) {
        emit({ type: 'primes', records, last: true });
        return;
      }
      emit({ type: 'primes', records, last: false });
      before = page.at(-1)?.number ?? 0;
      await nextTurn();
    }
    emit({ type: 'primes', records: [], last: true });
  });
}

function searchStatus(search: StoredSearch): NonNullable<Status['search']> {
  const { id, spec, state, savedAt } = search;
  const { found, tested, cpuSeconds, wallSeconds } = state.counters;
  return {
    searchId: id,
    spec,
    found,
    tested: tested + state.units.reduce((sum, unit) => sum + unit.tested, 0),
    arithmeticErrors: state.counters.disagreements,
    position: state.position,
    cpuSeconds,
    wallSeconds,
    inProgress: testsInProgress(state).length,
    savedAt,
  };
}

function testsInProgress(state: SearchState): { block: number; offset: number; stage: string; bit: number }[] {
  return state.units.flatMap(({ block, active }) => {
    if (active === null) return [];
    if (active.stage === 'screen') {
      return active.indices.map((offset, lane) => ({
        block,
        offset,
        stage: 'screen',
        bit: active.powers[lane as 0 | 1].bit,
      }));
    }
    const { index: offset, state: inner } = active;
    const bit = inner.stage === 'lucas' ? inner.lucas.bit : inner.powers[0].bit;
    const stage = inner.stage === 'rounds' ? `round ${inner.round + 1}` : inner.stage;
    return [{ block, offset, stage, bit }];
  });
}

function storedPriority(store: Store): PriorityReport | null {
  // what the store kept before its facts were sealed may be damaged
  const parsed = v.safeParse(PriorityReportSchema, parseJson(store.fact('priority') ?? 'null'));
  return parsed.success ? parsed.output : null;
}

export async function answerStatus({ directory }: JobOf<'status'>, { emit }: JobContext): Promise<void> {
  const running = directoryOwner(directory);
  const status = await withStore(directory, (store): Status => {
    if (store === null) {
      return { directory, running, search: null, searches: 0, primes: 0, cpuSecondsInAll: 0, priority: null };
    }
    return store.snapshot(() => {
      const search = store.latestSearch();
      return {
        directory,
        running,
        search: search === null ? null : searchStatus(search),
        searches: store.countSearches(),
        primes: store.countPrimes(),
        cpuSecondsInAll: store.cpuSecondsInAll,
        priority: storedPriority(store),
      };
    });
  });
  emit({ type: 'status', status });
}

export async function exportCheckpoint({ directory, file }: JobOf<'export'>, { emit }: JobContext): Promise<void> {
  // In one snapshot: a find between two reads would be in the primes and not in the state.
  const saved = await withStore(directory, (store) =>
    store?.snapshot(() => {
      const search = store.latestSearch();
      if (search === null) return null;
      requireFitsFile(store.countPrimes(search.id), search.spec.digits);
      return { search, primes: store.primesOf(search.id) };
    }),
  );
  if (!saved) {
    throw new Refusal(
      `There is no search in ${directory}; begin one with "nice19 search", or say where it is with --data.`,
    );
  }
  const bytes = encodeCheckpoint(checkpointContent(saved.search, saved.primes, new Date().toISOString()));
  writeDurably(file, bytes);
  const inProgress = testsInProgress(saved.search.state).length;
  emit({ type: 'exported', file, bytes: bytes.length, found: saved.primes.length, inProgress });
}

export function showCheckpoint(job: JobOf<'show'>, { emit }: JobContext): void {
  const content: CheckpointContent = readCheckpoint(job.file);
  const { writtenAt, program, host, spec, state, primes } = content;
  const search: StoredSearch = { id: searchId(spec), spec, state, savedAt: writtenAt };
  emit({
    type: 'shown',
    writtenAt,
    program,
    host,
    status: {
      directory: job.file,
      running: null,
      search: searchStatus(search),
      searches: 1,
      primes: primes.length,
      cpuSecondsInAll: state.counters.cpuSeconds,
      priority: null,
    },
    tests: testsInProgress(state),
  });
}
