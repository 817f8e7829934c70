/** What /proc/PID/stat and /proc/PID/task/TID/stat say that concerns priorities. Source: proc_pid_stat(5). */

export interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
  /** Device number of the controlling terminal, 0 when there is none. */
  readonly terminal: number;
  readonly nice: number;
  /** Number of the scheduling policy, see sched.h. */
  readonly policy: number;
}

/** @returns null when the text is not such a line, as when the process went while it was read */
export function parseStat(text: string | null): Stat | null {
  if (text === null) return null;
  // the second field is the program's name in parentheses and may hold both spaces and parentheses
  const afterName = text.lastIndexOf(')');
  const fields = text.slice(afterName + 2).split(' ');
  /** Numbered from 1 as in the manual page. */
  const field = (number: number): number => Number(fields[number - 3] ?? Number.NaN);
  const stat = {
    pid: Number.parseInt(text, 10),
    parent: field(4),
    session: field(6),
    terminal: field(7),
    nice: field(19),
    policy: field(41),
  };
  return afterName > 0 && Object.values(stat).every(Number.isInteger) ? stat : null;
}
