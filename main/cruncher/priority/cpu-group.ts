/**
 * The control group that rations this process's CPU time, and `cpu.idle` for it. A process in such a group has no
 * autogroup, and its nice value counts only among the group's members: a service or a `systemd-run --scope` of
 * its own gets a full share at nice 19, unless its group is idle. Source: the kernel's cgroup-v2.rst.
 *
 * Only a group whose every process is this program's is made idle: this process, or the app that started it, and
 * their children. No group is made and nobody is moved:
 * a group with processes cannot give its children the CPU controller (the "no internal processes" rule), and the
 * directories above belong to systemd, which allows no others beside its own. To get an idle group there, one
 * asks systemd: docs/priority.md has the line.
 */

import type { CpuGroup } from '../../contract/priority.ts';
import { descendsFrom, readProcesses } from './autogroup.ts';
import type { LinuxSystem } from './system.ts';

interface Hierarchy {
  readonly directory: string;
  readonly path: string;
}

/** /proc/self/cgroup and mountinfo, joined: where this process stands in the hierarchy with the CPU controller. */
function hierarchy(system: LinuxSystem): Hierarchy | null {
  const memberships = (system.read(`/proc/${system.pid}/cgroup`) ?? '').split('\n').map((line) => {
    const [number, controllers = '', ...path] = line.split(':');
    return { version: number === '0' ? 2 : 1, controllers: controllers.split(','), path: path.join(':') };
  });
  const first = memberships.find((one) => one.version === 1 && one.controllers.includes('cpu'));
  const membership = first ?? memberships.find((one) => one.version === 2);
  if (membership === undefined) return null;
  for (const line of (system.read(`/proc/${system.pid}/mountinfo`) ?? '').split('\n')) {
    const [mount = '', superblock = ''] = line.split(' - ');
    const [, , , , mountPoint] = mount.split(' ');
    const [type, , options = ''] = superblock.split(' ');
    const matches = first ? type === 'cgroup' && options.split(',').includes('cpu') : type === 'cgroup2';
    if (matches && mountPoint !== undefined) return { directory: mountPoint, path: membership.path };
  }
  return null;
}

/** The nearest group, from the leaf up, that has the CPU controller's files; the root group has none to speak of. */
function rationed({ directory, path }: Hierarchy, system: LinuxSystem): string | null {
  const isGroup = (at: string): boolean => system.read(`${directory}${at}/cgroup.procs`) !== null;
  const version1 = system.read(`${directory}/cpu.shares`) !== null;
  // in a container, the path may be '/' and still a group with files of its own
  for (let at = path === '/' ? '' : path; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const files = ['cpu.idle', 'cpu.weight', 'cpu.shares'].map((file) => system.read(`${directory}${at}/${file}`));
    if (isGroup(at) && files.some((text) => text !== null) && !(version1 && at === '')) return at === '' ? '/' : at;
    if (at === '') return null;
  }
}

function everyMemberIsOurs(system: LinuxSystem, group: string): boolean {
  const members = (system.read(`${group}/cgroup.procs`) ?? '').split('\n').filter((line) => line !== '');
  const processes = readProcesses(system);
  return members.length > 0 && members.every((member) => descendsFrom(processes, Number(member), system.leader));
}

/**
 * Makes this process's own CPU group idle, where it has one to itself and may.
 * @returns what is so now, or null where no group rations this process's CPU time
 */
export function lowerCpuGroup(system: LinuxSystem): CpuGroup | null {
  const where = hierarchy(system);
  const path = where && rationed(where, system);
  if (where === null || path === null) return null;
  const group = `${where.directory}${path}`;
  const isIdle = (): boolean => system.read(`${group}/cpu.idle`)?.trim() === '1';
  // a slice holds many programs' groups (systemd.slice(5)), and among them nice values count
  const separate = path === where.path && !path.endsWith('.slice');
  if (separate && !isIdle() && everyMemberIsOurs(system, group)) system.write(`${group}/cpu.idle`, '1');
  return { path, separate, idle: isIdle() };
}
