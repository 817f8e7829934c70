/**
 * What is going on, from what happens: events of the cruncher, its crashes, what the manners want. Pure: one step for each
 * happening, and the snapshot that everybody is shown follows from the state.
 */

import type { PrimeSummary } from '../contract/library.ts';
import type { CruncherEvent, Progress } from '../contract/messages.ts';
import type { Now } from '../contract/now.ts';
import type { Pause } from '../contract/pause.ts';
import type { PriorityReport } from '../contract/priority.ts';
import { plural } from './format.ts';
import type { Wishes } from './manners/watch.ts';
import { summaryOf } from './summary.ts';

export type Happening =
  | { readonly is: 'event'; readonly event: CruncherEvent }
  /** It ended when it should not have, `failures` times one after the other, and is started again. */
  | { readonly is: 'crash'; readonly failures: number; readonly inMs: number; readonly lastWords: readonly string[] }
  /** It will not run, and said why. */
  | { readonly is: 'refusal'; readonly sentence: string }
  /** A search is begun, or another one. */
  | { readonly is: 'start' }
  | { readonly is: 'wishes'; readonly wishes: Wishes }
  | { readonly is: 'notice'; readonly sentence: string }
  | { readonly is: 'dismissal'; readonly id: number }
  | { readonly is: 'last find'; readonly find: PrimeSummary | null }
  | { readonly is: 'end' };

type Phase = 'first page' | 'starting' | 'alive' | 'refused' | 'ending';

export interface NowState {
  readonly phase: Phase;
  /** Of the computer. */
  readonly cores: number;
  readonly wishes: Wishes;
  readonly notices: Now['notices'];
  readonly nextNotice: number;
  readonly refusal: string;
  readonly failures: number;
  readonly lastWords: readonly string[];
  readonly search: Now['search'];
  readonly progress: Progress | null;
  /** Of this search, when this program first heard of it. */
  readonly arithmeticErrorsAtFirst: number;
  readonly lastFind: PrimeSummary | null;
  readonly lastCheckpointAt: string | null;
  readonly priority: PriorityReport | null;
}

/** Sentences that are kept for the user. */
const NOTICES = 10;
/** As many crashes without a healthy time between them are no accident. */
const CRASH_LOOP = 3;

/** @param answered the first page was answered, on another day */
export function firstState(cores: number, answered: boolean): NowState {
  return {
    phase: answered ? 'starting' : 'first page',
    cores,
    wishes: { pauses: [], pace: { workers: cores, share: 1 } },
    notices: [],
    nextNotice: 1,
    refusal: '',
    failures: 0,
    lastWords: [],
    search: null,
    progress: null,
    arithmeticErrorsAtFirst: 0,
    lastFind: null,
    lastCheckpointAt: null,
    priority: null,
  };
}

/** @param at ISO 8601 */
export function happened(state: NowState, happening: Happening, at: string): NowState {
  switch (happening.is) {
    case 'event':
      return eventHappened(state, happening.event, at);
    case 'crash': {
      const { failures, lastWords } = happening;
      return { ...state, phase: state.phase === 'ending' ? 'ending' : 'starting', failures, lastWords };
    }
    case 'refusal':
      return { ...state, phase: state.phase === 'ending' ? 'ending' : 'refused', refusal: happening.sentence };
    case 'start':
      return { ...state, phase: 'starting', failures: 0, search: null, progress: null, refusal: '' };
    case 'wishes':
      return { ...state, wishes: happening.wishes };
    case 'notice':
      return withNotice(state, happening.sentence, at);
    case 'dismissal':
      return { ...state, notices: state.notices.filter(({ id }) => id !== happening.id) };
    case 'last find':
      return { ...state, lastFind: happening.find };
    case 'end':
      return { ...state, phase: 'ending' };
  }
}

function eventHappened(state: NowState, event: CruncherEvent, at: string): NowState {
  switch (event.type) {
    case 'started': {
      const { searchId, spec, resumed, kernel, priority, lastFind } = event;
      const same = state.progress?.searchId === searchId;
      return {
        ...state,
        phase: state.phase === 'ending' ? 'ending' : 'alive',
        search: { searchId, spec, resumed, kernel },
        priority,
        progress: same ? state.progress : null,
        lastFind: lastFind === undefined ? state.lastFind : lastFind,
      };
    }
    case 'progress': {
      const { progress } = event;
      const same = state.progress?.searchId === progress.searchId;
      const arithmeticErrorsAtFirst = same ? state.arithmeticErrorsAtFirst : progress.arithmeticErrors;
      return { ...state, progress, arithmeticErrorsAtFirst };
    }
    case 'prime':
      if (event.number === undefined) return state;
      return { ...state, lastFind: summaryOf(event.record, event.number) };
    case 'checkpoint':
      return { ...state, lastCheckpointAt: event.at };
    case 'warning':
      return withNotice(state, `${event.sentence}.`, at);
    default:
      return state;
  }
}

function withNotice(state: NowState, sentence: string, at: string): NowState {
  // The same again is not news, but when it was is.
  const others = state.notices.filter((notice) => notice.sentence !== sentence);
  const notices = [...others, { id: state.nextNotice, at, sentence }].slice(-NOTICES);
  return { ...state, notices, nextNotice: state.nextNotice + 1 };
}

export function nowOf(state: NowState): Now {
  const { notices, search, progress, lastFind, lastCheckpointAt, priority, cores, wishes } = state;
  const pauses = pausesNow(state);
  return {
    state: stateNow(state.phase, pauses),
    pauses,
    problem: problemOf(state),
    notices,
    search,
    progress,
    lastFind,
    lastCheckpointAt,
    priority,
    cores: { used: wishes.pace.workers, of: cores, share: Math.round(100 * wishes.pace.share) },
  };
}

function stateNow(phase: Phase, pauses: readonly Pause[]): Now['state'] {
  switch (phase) {
    case 'first page':
    case 'refused':
      return 'stopped';
    case 'starting':
      return 'starting';
    case 'ending':
      return 'ending';
    case 'alive':
      return pauses.length > 0 ? 'paused' : 'running';
  }
}

/** What the search itself cannot do comes first: somebody has to see to it. */
function pausesNow({ wishes, progress }: NowState): Pause[] {
  if (progress?.paused.includes('cannot-save') !== true) return [...wishes.pauses];
  const pause: Pause = { reason: 'cannot-save', sentence: 'what was found cannot be saved', until: null };
  return [pause, ...wishes.pauses];
}

function problemOf({
  phase,
  refusal,
  failures,
  lastWords,
  progress,
  arithmeticErrorsAtFirst,
}: NowState): string | null {
  if (phase === 'first page') return 'Nothing runs yet: open the window and answer its first page.';
  if (phase === 'refused') return refusal;
  if (failures >= CRASH_LOOP && phase === 'starting') {
    const words = lastWords.at(-1) ?? 'without a word';
    return `The search has ended unexpectedly ${failures} times (${words}); nothing that was saved is lost, and it is tried again.`;
  }
  if (progress !== null && progress.unsaved !== null) {
    const waiting =
      progress.unsaved === 0 ? '' : ` ${plural(progress.unsaved, 'prime waits', 'primes wait')} in memory.`;
    return `The disk does not take what is to be saved: see whether it is full or read-only.${waiting}`;
  }
  const errors = progress === null ? 0 : progress.arithmeticErrors - arithmeticErrorsAtFirst;
  if (errors > 0) {
    return `This computer makes arithmetic errors (${plural(errors, 'error')} since nice19 was started, found and put right): it may be too hot, overclocked or have failing memory; "nice19 selftest" tells more.`;
  }
  return null;
}
