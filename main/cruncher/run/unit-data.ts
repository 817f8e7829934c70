/** A unit's state between the search's integers and the checkpoint's hexadecimal. */

import type { UnitData } from '../../contract/checkpoint.ts';
import type { KernelName } from '../../search/kernel-names.ts';
import type { ConfirmationState } from '../../search/primality/confirmation.ts';
import type { ActiveTest, Find, UnitState } from '../../search/unit.ts';

export interface UnitRange {
  readonly block: number;
  readonly from: number;
  readonly to: number;
}

const hex = (value: bigint): string => value.toString(16);
const integer = (digits: string): bigint => BigInt(`0x${digits}`);

interface Power<T> {
  readonly bit: number;
  readonly residue: T;
}

const powersOut = ([first, second]: readonly [Power<bigint>, Power<bigint>]): [Power<string>, Power<string>] => [
  { bit: first.bit, residue: hex(first.residue) },
  { bit: second.bit, residue: hex(second.residue) },
];

const powersIn = ([first, second]: readonly [Power<string>, Power<string>]): [Power<bigint>, Power<bigint>] => [
  { bit: first.bit, residue: integer(first.residue) },
  { bit: second.bit, residue: integer(second.residue) },
];

type ActiveData = NonNullable<UnitData['active']>;
type ConfirmationData = Extract<ActiveData, { stage: 'confirm' }>['state'];

function confirmationOut(state: ConfirmationState): ConfirmationData {
  const whose = whoseOf(state);
  switch (state.stage) {
    case 'rounds':
      return { ...whose, stage: 'rounds', round: state.round, powers: powersOut(state.powers) };
    case 'lucas': {
      const { bit, v, vNext } = state.lucas;
      return { ...whose, stage: 'lucas', lucas: { bit, v: hex(v), vNext: hex(vNext) } };
    }
    case 'check':
      return { ...whose, stage: 'check', powers: powersOut(state.powers) };
  }
}

function confirmationIn(data: ConfirmationData): ConfirmationState {
  const whose = whoseOf(data);
  switch (data.stage) {
    case 'rounds':
      return { ...whose, stage: 'rounds', round: data.round, powers: powersIn(data.powers) };
    case 'lucas': {
      const { bit, v, vNext } = data.lucas;
      return { ...whose, stage: 'lucas', lucas: { bit, v: integer(v), vNext: integer(vNext) } };
    }
    case 'check':
      return { ...whose, stage: 'check', powers: powersIn(data.powers) };
  }
}

const whoseOf = ({ opinion, by }: { readonly opinion: 1 | 2; readonly by?: readonly string[] }) => ({
  opinion,
  ...(by === undefined ? {} : { by: [...by] as KernelName[] }),
});

function activeOut(active: ActiveTest): ActiveData {
  return active.stage === 'screen'
    ? { stage: 'screen', indices: [...active.indices], powers: powersOut(active.powers) }
    : { stage: 'confirm', index: active.index, state: confirmationOut(active.state) };
}

function activeIn(active: ActiveData): ActiveTest {
  return active.stage === 'screen'
    ? { stage: 'screen', indices: active.indices, powers: powersIn(active.powers) }
    : { stage: 'confirm', index: active.index, state: confirmationIn(active.state) };
}

export function unitToData(range: UnitRange, state: UnitState, done: boolean): UnitData {
  return {
    ...range,
    done,
    nextIndex: state.nextIndex,
    passed: [...state.passed],
    active: state.active === null ? null : activeOut(state.active),
    finds: state.finds.map((find) => ({ ...find, kernels: [...find.kernels] })),
    tested: state.tested,
    disagreements: state.disagreements,
  };
}

export function unitFromData(data: UnitData): UnitState {
  return {
    nextIndex: data.nextIndex,
    passed: data.passed,
    active: data.active === null ? null : activeIn(data.active),
    finds: data.finds.map((find): Find => ({ ...find, kernels: find.kernels as KernelName[] })),
    tested: data.tested,
    disagreements: data.disagreements,
  };
}
