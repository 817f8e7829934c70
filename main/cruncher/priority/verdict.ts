/** Is it enough, and how to say so: what the window and `nice19 status` show about the priority. */

import type { AutogroupObstacle, LinuxPriorityReport } from '../../contract/priority.ts';
import { LOWEST_NICE } from './threads.ts';

type Given = Omit<LinuxPriorityReport, 'enough' | 'sentence'>;

const OBSTACLES: Record<AutogroupObstacle, string> = {
  'not-session-leader': 'it has no session of its own',
  terminal: 'its session has a terminal',
  'foreign-process': 'other programs share its session',
  'refused-by-system': 'the system refused to change it',
};

function missing({ threads, policy, autogroup, cpuGroup }: Given): string[] {
  const problems: string[] = [];
  const higher = threads.count - threads.atLowest;
  if (higher > 0) {
    problems.push(`${higher} of ${threads.count} threads stayed above nice 19 (at ${threads.minimumNice})`);
  }
  if (policy === 'fifo' || policy === 'rr' || policy === 'deadline' || policy === 'mixed') {
    problems.push(`the scheduling policy "${policy}" goes before every nice value`);
  }
  if (cpuGroup?.separate === true && !cpuGroup.idle) {
    problems.push(
      `nice does not count outside its CPU group ${cpuGroup.path}, which is not idle ` +
        '(start it by: systemd-run --user --scope -p CPUWeight=idle)',
    );
  }
  if (cpuGroup === null && autogroup?.enabled === true && autogroup.nice < LOWEST_NICE) {
    const reason = autogroup.obstacle === null ? '' : `, because ${OBSTACLES[autogroup.obstacle]}`;
    problems.push(
      `nice counts only inside its session, whose autogroup is at ${autogroup.nice}${reason}: ` +
        'other sessions may lose a third of their speed',
    );
  }
  return problems;
}

function given({ threads, autogroup, cpuGroup }: Given): string {
  const parts = [
    threads.atLowest === threads.count
      ? `nice 19 on all ${threads.count} threads`
      : `nice 19 on ${threads.atLowest} of ${threads.count} threads`,
  ];
  if (cpuGroup?.idle === true) parts.push('idle CPU group');
  if (cpuGroup === null && autogroup?.enabled === true && autogroup.nice === LOWEST_NICE) parts.push('autogroup 19');
  return parts.join(', ');
}

export function withVerdict(report: Given): LinuxPriorityReport {
  const problems = missing(report);
  const enough = problems.length === 0;
  const sentence = enough
    ? `Lowest priority: ${given(report)}.`
    : `Low priority, but not the lowest: ${given(report)}; ${problems.join('; ')}.`;
  return { ...report, enough, sentence };
}
