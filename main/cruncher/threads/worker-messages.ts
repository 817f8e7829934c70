/** What passes between the cruncher and its worker threads. Structured clone carries bigint and bytes as they are. */

import type { Crossovers, KernelName } from '../../search/kernel-names.ts';
import type { UnitProgress, UnitState } from '../../search/unit.ts';

export interface WorkerSettings {
  readonly digits: number;
  readonly seed: Uint8Array;
  readonly rounds: number;
  readonly kernel: KernelName | null;
  /** Where the fast kernels cross on this computer, if that was measured. */
  readonly crossovers?: Crossovers | null;
}

export type WorkerJob =
  | {
      readonly type: 'unit';
      readonly block: number;
      readonly start: bigint;
      readonly indices: Uint32Array;
      /** Of the indices. */
      readonly seal: number;
      readonly state: UnitState | null;
      /** One candidate at a time, and which one is said before each: to find the one that ends its threads. */
      readonly cautious: boolean;
    }
  | {
      readonly type: 'sieve';
      readonly block: number;
      readonly start: bigint;
      readonly count: number;
      readonly from: number;
      readonly to: number;
      /** null: nothing is struck yet. */
      readonly survivors: Uint8Array | null;
      /** Of the survivors. */
      readonly seal: number | null;
    };

export type WorkerResult =
  | { readonly type: 'unit'; readonly state: UnitState; readonly seconds: number }
  | {
      readonly type: 'sieve';
      readonly survivors: Uint8Array;
      /** Of the survivors. */
      readonly seal: number;
      /** Times that something was found wrong, and put right. */
      readonly faults: number;
      readonly seconds: number;
    };

/** Where a worker stands in its job. */
export interface WorkerSnapshot {
  /** Of the unit, when it is at one. */
  readonly state: UnitState | null;
  readonly progress: UnitProgress;
}

export type ToWorker =
  | { readonly type: 'job'; readonly job: WorkerJob }
  | { readonly type: 'snapshot'; readonly withState: boolean }
  | { readonly type: 'hold' }
  | { readonly type: 'go' }
  /** The share of its time that it computes from now on, 0.1 to 1. */
  | { readonly type: 'share'; readonly share: number }
  /** Where the fast kernels cross: for the units that come. */
  | { readonly type: 'crossovers'; readonly crossovers: Crossovers }
  | { readonly type: 'end' };

export type FromWorker =
  | { readonly type: 'result'; readonly result: WorkerResult }
  /** An exception: this thread is not to be trusted with another job. */
  | { readonly type: 'failed'; readonly why: string; readonly arithmetic: boolean }
  /** Of a cautious job: this candidate comes next. */
  | { readonly type: 'at'; readonly index: number }
  | { readonly type: 'snapshot'; readonly snapshot: WorkerSnapshot };
