/** What processes cost that should do nothing: their CPU time, and how often one of their threads gets a core. Linux only. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyOf, spentBy } from './processes.ts';

export interface ProcessCost {
  readonly pid: number;
  readonly command: string;
  /** Of one core. */
  readonly percent: number;
  /** Times a minute that a thread got a core: what a timer every ten seconds takes is six. */
  readonly turnsPerMinute: number;
}

export interface IdleCost {
  readonly seconds: number;
  /** Of one core, all processes together. */
  readonly percent: number;
  readonly processes: readonly ProcessCost[];
}

const commandOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(-60);

/**
 * @param root the process that started the others
 * @throws when one of them ends meanwhile: its time would be missing
 */
export async function idleCost(root: number, seconds: number): Promise<IdleCost> {
  const before = new Map(familyOf(root).map((pid) => [pid, spentBy(pid)]));
  const since = performance.now();
  await sleep(1000 * seconds);
  const family = familyOf(root);
  for (const pid of before.keys()) if (!family.includes(pid)) throw new Error(`process ${pid} ended meanwhile`);
  const milliseconds = performance.now() - since;
  const processes = family.map((pid) => {
    const now = spentBy(pid);
    const { cpu, turns } = before.get(pid) ?? { cpu: 0, turns: 0 };
    return {
      pid,
      command: commandOf(pid),
      percent: (100 * (now.cpu - cpu)) / milliseconds,
      turnsPerMinute: (60_000 * (now.turns - turns)) / milliseconds,
    };
  });
  const percent = processes.reduce((total, one) => total + one.percent, 0);
  return { seconds: milliseconds / 1000, percent, processes };
}

/** As a table. */
export function idleRows({ seconds, percent, processes }: IdleCost): string {
  const rows = processes.map(
    (one) => `| ${one.command} | ${one.percent.toFixed(4)} | ${one.turnsPerMinute.toFixed(1)} |\n`,
  );
  const heads = `| process | CPU, % of a core over ${seconds.toFixed(0)} s | turns a minute |\n| --- | --- | --- |\n`;
  const turns = processes.reduce((total, one) => total + one.turnsPerMinute, 0);
  return `${heads}${rows.join('')}| together | ${percent.toFixed(4)} | ${turns.toFixed(1)} |\n`;
}
