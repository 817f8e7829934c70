/** Questions about a data directory: answered beside a running search, and changing nothing. */

import * as v from 'valibot';
import type { CheckpointContent, SearchState } from '../../contract/checkpoint.ts';
import type { Job, Status } from '../../contract/messages.ts';
import { type PriorityReport, PriorityReportSchema } from '../../contract/priority.ts';
import { checkpointContent, encodeCheckpoint, readCheckpoint, writeDurably } from '../checkpoint-file.ts';
import { withBases } from '../records.ts';
import { searchId } from '../search-identity.ts';
import { directoryOwner } from '../store/lock.ts';
import { Store, type StoredSearch, StoreProblem } from '../store/store.ts';
import { type JobContext, nextTurn, Refusal } from './context.ts';
import { capital } from './search.ts';

type JobOf<T extends Job['type']> = Extract<Job, { type: T }>;

const PAGE = 100;

function openToRead(directory: string): Store | null {
  try {
    return Store.openToRead(directory);
  } catch (error) {
    if (error instanceof StoreProblem) throw new Refusal(`${capital(error.message)}.`);
    throw error;
  }
}

/** Primes newest first, in pages. */
export async function answerPrimes(job: JobOf<'primes'>, { emit, isStopped }: JobContext): Promise<void> {
  const store = openToRead(job.directory);
  try {
    let before = Number.POSITIVE_INFINITY;
    while (store !== null && !isStopped()) {
      const page = store.primes(before, PAGE);
      const records = page.flatMap(({ prime }) => {
        const search = store.search(prime.searchId);
        return search === null ? [] : [withBases(prime, search.spec)];
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
  } finally {
    store?.close();
  }
}

function searchStatus(search: StoredSearch): NonNullable<Status['search']> {
  const { id, spec, state, savedAt } = search;
  const { found, tested, cpuSeconds, wallSeconds } = state.counters;
  return {
    searchId: id,
    spec,
    found,
    tested: tested + state.units.reduce((sum, unit) => sum + unit.tested, 0),
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
  const parsed = v.safeParse(PriorityReportSchema, JSON.parse(store.fact('priority') ?? 'null'));
  return parsed.success ? parsed.output : null;
}

export function answerStatus(job: JobOf<'status'>, { emit }: JobContext): void {
  const store = openToRead(job.directory);
  const nothing = { search: null, searches: 0, primes: 0, cpuSecondsInAll: 0, priority: null };
  if (store === null) {
    emit({ type: 'status', status: { directory: job.directory, running: null, ...nothing } });
    return;
  }
  try {
    const search = store.latestSearch();
    emit({
      type: 'status',
      status: {
        directory: job.directory,
        running: directoryOwner(job.directory),
        search: search === null ? null : searchStatus(search),
        searches: store.countSearches(),
        primes: store.countPrimes(),
        cpuSecondsInAll: store.cpuSecondsInAll,
        priority: storedPriority(store),
      },
    });
  } finally {
    store.close();
  }
}

export function exportCheckpoint(job: JobOf<'export'>, { emit }: JobContext): void {
  const store = openToRead(job.directory);
  try {
    const search = store?.latestSearch() ?? null;
    if (store === null || search === null) {
      throw new Refusal(
        `There is no search in ${job.directory}; begin one with "nice19 search", or say where it is with --data.`,
      );
    }
    const content = checkpointContent(search, store.primesOf(search.id), new Date().toISOString());
    const bytes = encodeCheckpoint(content);
    writeDurably(job.file, bytes);
    const inProgress = testsInProgress(search.state).length;
    emit({ type: 'exported', file: job.file, bytes: bytes.length, found: content.primes.length, inProgress });
  } finally {
    store?.close();
  }
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
