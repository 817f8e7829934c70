/** What passes between the cruncher and its worker threads. Structured clone carries bigint and bytes as they are. */

import type { KernelName } from '../../search/kernel-names.ts';
import type { UnitProgress, UnitState } from '../../search/unit.ts';

export interface WorkerSettings {
  readonly seed: Uint8Array;
  readonly rounds: number;
  readonly kernel: KernelName | null;
}

export type WorkerJob =
  | {
      readonly type: 'unit';
      readonly start: bigint;
      readonly indices: Uint32Array;
      readonly state: UnitState | null;
    }
  | {
      readonly type: 'sieve';
      readonly start: bigint;
      readonly count: number;
      readonly from: number;
      readonly to: number;
      /** null: nothing is struck yet. */
      readonly survivors: Uint8Array | null;
    };

export type WorkerResult =
  | { readonly type: 'unit'; readonly state: UnitState; readonly seconds: number }
  | { readonly type: 'sieve'; readonly survivors: Uint8Array; readonly seconds: number };

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
  | { readonly type: 'end' };

export type FromWorker =
  | { readonly type: 'result'; readonly result: WorkerResult }
  /** An exception: this thread is not to be trusted with another job. */
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'snapshot'; readonly snapshot: WorkerSnapshot };
