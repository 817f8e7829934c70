import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { type LinuxPriorityReport, type PriorityReport, PriorityReportSchema } from '../../main/contract/priority.ts';
import { raiseAutogroup } from '../../main/cruncher/priority/autogroup.ts';
import { parseStat } from '../../main/cruncher/priority/stat.ts';
import { leaderOf } from '../../main/cruncher/priority/system.ts';
import { lowerElsewhere, lowerOnLinux, type PlainSystem } from '../../main/cruncher/priority.ts';
import { type PaperOptions, paperLinux } from '../support/paper-linux.ts';

const AUTOGROUP = '/proc/100/autogroup';

function lower(options: PaperOptions = {}) {
  const system = paperLinux(options);
  return { system, report: v.parse(PriorityReportSchema, lowerOnLinux(system)) as LinuxPriorityReport };
}

test('a line of /proc/PID/stat is read past a name with parentheses and spaces', () => {
  const line =
    '7141 (a) b (c) R 7135 7135 4527 34816 -1 4194304 102 0 0 0 0 0 0 0 39 19 1 0 108835 3133440 394 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 5 0 0 0';
  expect(parseStat(line)).toEqual({ pid: 7141, parent: 7135, session: 4527, terminal: 34816, nice: 19, policy: 5 });
  expect(parseStat(line.slice(0, 60))).toBeNull();
  expect(parseStat('')).toBeNull();
});

describe('threads', () => {
  test('all are lowered and counted', () => {
    const { report } = lower({ threads: { 100: { nice: 0 }, 101: { nice: 5 }, 102: { nice: 19 }, 103: { nice: -3 } } });
    expect(report.threads).toEqual({ count: 4, atLowest: 4, minimumNice: 19, maximumNice: 19 });
    expect(report.sentence).toBe('Lowest priority: nice 19 on all 4 threads, autogroup 19.');
  });

  test('a thread that stays higher is told', () => {
    const { report } = lower({ threads: { 100: { nice: 0 }, 101: { nice: 3, stubborn: true } } });
    expect(report.threads).toEqual({ count: 2, atLowest: 1, minimumNice: 3, maximumNice: 19 });
    expect(report.enough).toBe(false);
    expect(report.sentence).toContain('1 of 2 threads stayed above nice 19 (at 3)');
  });

  test('a real-time policy is told: nice does not count for it', () => {
    const { report } = lower({ threads: { 100: { nice: 0, policy: 2 } } });
    expect(report).toMatchObject({ policy: 'rr', enough: false });
  });
});

describe('the autogroup', () => {
  const family = [
    { pid: 100, parent: 50, session: 100 },
    { pid: 101, parent: 100, session: 100 },
    { pid: 102, parent: 101, session: 100 },
  ];

  test('is lowered when the session holds this process and its descendants only', () => {
    const { system, report } = lower({ processes: [...family, { pid: 50, parent: 1, session: 50 }] });
    expect(system.writes).toEqual([`${AUTOGROUP}=19`]);
    expect(report.autogroup).toEqual({ enabled: true, nice: 19, ownSession: true, obstacle: null });
  });

  test.each([
    ['not-session-leader', [{ pid: 100, parent: 50, session: 50 }]],
    ['terminal', [{ pid: 100, parent: 50, session: 100, terminal: 34816 }]],
    ['foreign-process', [...family, { pid: 103, parent: 1, session: 100 }]],
  ] as const)('is left alone: %s', (obstacle, processes) => {
    const { system, report } = lower({ processes });
    expect(system.writes).toEqual([]);
    expect(report.autogroup).toMatchObject({ nice: 0, obstacle });
    expect(report.enough).toBe(false);
    expect(report.sentence).toMatch(/^Low priority, but not the lowest: .*other sessions may lose a third/);
  });

  test('is asked for again when the kernel says that somebody else changed one just now', () => {
    const { system, report } = lower({ errors: { [AUTOGROUP]: ['EAGAIN', 'EAGAIN', 'EAGAIN'] } });
    expect(report.autogroup?.nice).toBe(19);
    expect(system.waited).toBeGreaterThanOrEqual(300);
  });

  test('is given up after two seconds, and at once on a refusal', () => {
    const busy = lower({ errors: { [AUTOGROUP]: new Array<string>(1000).fill('EAGAIN') } });
    expect(busy.report.autogroup?.obstacle).toBe('refused-by-system');
    expect(busy.system.waited).toBeLessThan(3000);
    const refused = lower({ errors: { [AUTOGROUP]: ['EPERM'] } });
    expect(refused.report).toMatchObject({ enough: false, autogroup: { nice: 0, obstacle: 'refused-by-system' } });
    expect(refused.system.waited).toBe(0);
  });

  test('is given back for the end, and only if it was this program’s to lower', () => {
    const { system } = lower({ processes: family });
    raiseAutogroup(system);
    expect(system.writes).toEqual([`${AUTOGROUP}=19`, `${AUTOGROUP}=0`]);
    raiseAutogroup(system);
    expect(system.writes.length).toBe(2);
    const foreign = paperLinux({ autogroup: 19, processes: [...family, { pid: 103, parent: 1, session: 100 }] });
    raiseAutogroup(foreign);
    expect(foreign.writes).toEqual([]);
  });

  describe('of a session that the app made for itself and its cruncher', () => {
    /** Electron: the app leads, the cruncher is a child of the zygote, which forked other processes too. */
    const app = [
      { pid: 50, parent: 1, session: 50 },
      { pid: 60, parent: 50, session: 50 },
      { pid: 100, parent: 60, session: 50 },
      { pid: 61, parent: 60, session: 50 },
      { pid: 101, parent: 100, session: 50 },
    ];
    const shell = { pid: 40, parent: 1, session: 40, terminal: 34816 };

    test('is lowered, and given back for the end', () => {
      const { system, report } = lower({ leader: 50, processes: [...app, shell] });
      expect(system.writes).toEqual([`${AUTOGROUP}=19`]);
      expect(report.autogroup).toEqual({ enabled: true, nice: 19, ownSession: true, obstacle: null });
      expect(report.sentence).toBe('Lowest priority: nice 19 on all 1 threads, autogroup 19.');
      raiseAutogroup(system);
      expect(system.writes).toEqual([`${AUTOGROUP}=19`, `${AUTOGROUP}=0`]);
    });

    test('is left alone unless the app says that it is its own: a desktop’s session may look the same', () => {
      const { system, report } = lower({ processes: app });
      expect(system.writes).toEqual([]);
      expect(report.autogroup).toMatchObject({ ownSession: false, obstacle: 'not-session-leader' });
      expect(report.sentence).toContain('because it has no session of its own');
    });

    test.each([
      ['not-session-leader', 'the app does not lead it', app.map((one) => ({ ...one, session: 40 }))],
      ['not-session-leader', 'the cruncher is in another', app.map((one) => ({ ...one, session: one.pid }))],
      ['foreign-process', 'somebody else is in it', [...app, { pid: 70, parent: 1, session: 50 }]],
      ['foreign-process', 'somebody else’s child is in it', [...app, shell, { pid: 70, parent: 40, session: 50 }]],
      ['not-session-leader', 'its leader is gone', app.slice(1)],
      ['terminal', 'it has a terminal', app.map((one) => ({ ...one, terminal: 34816 }))],
      ['terminal', 'its leader has a terminal', app.map((one) => (one.pid === 50 ? { ...one, terminal: 34816 } : one))],
    ] as const)('is left alone (%s): %s', (obstacle, _, processes) => {
      const { system, report } = lower({ leader: 50, processes });
      expect(system.writes).toEqual([]);
      expect(report.autogroup).toMatchObject({ nice: 0, obstacle });
      expect(report.enough).toBe(false);
      const foreign = paperLinux({ leader: 50, processes, autogroup: 19 });
      raiseAutogroup(foreign);
      expect(foreign.writes).toEqual([]);
    });

    test('is named by its leader on the command line, and by nothing else', () => {
      expect(leaderOf(100, ['node', 'main.ts', '--own-session=50'])).toBe(50);
      for (const arg of [
        '--own-session',
        '--own-session=',
        '--own-session=0',
        '--own-session=5x',
        '--own-session=-1',
      ]) {
        expect(leaderOf(100, ['node', 'main.ts', arg])).toBe(100);
      }
    });
  });

  test('does not matter where the kernel has it switched off or left out', () => {
    const off = lower({ files: { '/proc/sys/kernel/sched_autogroup_enabled': '0\n' } });
    expect(off.system.writes).toEqual([]);
    expect(off.report).toMatchObject({ enough: true, sentence: 'Lowest priority: nice 19 on all 1 threads.' });
    expect(lower({ autogroup: null }).report).toMatchObject({ enough: true, autogroup: null });
  });
});

describe('the CPU group', () => {
  const MOUNT = '31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n';
  const version2 = (path: string, files: Record<string, string>): PaperOptions => ({
    processes: [
      { pid: 100, parent: 50, session: 100 },
      { pid: 101, parent: 100, session: 100 },
      { pid: 50, parent: 1, session: 50 },
    ],
    files: {
      '/proc/100/cgroup': `0::${path}\n`,
      '/proc/100/mountinfo': MOUNT,
      '/sys/fs/cgroup/cgroup.procs': '1\n',
      ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`/sys/fs/cgroup${file}`, text])),
    },
  });

  test('is made idle when it is this program’s alone', () => {
    const { system, report } = lower(
      version2('/app.slice/run-1.scope', {
        '/app.slice/run-1.scope/cgroup.procs': '100\n101\n',
        '/app.slice/run-1.scope/cpu.idle': '0\n',
      }),
    );
    expect(system.files.get('/sys/fs/cgroup/app.slice/run-1.scope/cpu.idle')).toBe('1');
    expect(report.cpuGroup).toEqual({ path: '/app.slice/run-1.scope', separate: true, idle: true });
    expect(report).toMatchObject({
      enough: true,
      sentence: 'Lowest priority: nice 19 on all 1 threads, idle CPU group.',
    });
  });

  test('is made idle when it is the app’s that started it', () => {
    const { files = {} } = version2('/app.slice/app-nice19-50.scope', {
      '/app.slice/app-nice19-50.scope/cgroup.procs': '50\n100\n',
      '/app.slice/app-nice19-50.scope/cpu.idle': '0\n',
    });
    const processes = [
      { pid: 50, parent: 1, session: 50 },
      { pid: 100, parent: 50, session: 50 },
    ];
    expect(lower({ files, processes, leader: 50 }).report.cpuGroup?.idle).toBe(true);
    expect(lower({ files, processes }).report.cpuGroup?.idle).toBe(false);
  });

  test('is left alone when it holds another program, and the sentence says what to do', () => {
    const { system, report } = lower(
      version2('/app.slice/term.scope', {
        '/app.slice/term.scope/cgroup.procs': '50\n100\n101\n',
        '/app.slice/term.scope/cpu.idle': '0\n',
      }),
    );
    expect(system.writes).toEqual([`${AUTOGROUP}=19`]);
    expect(report.cpuGroup).toEqual({ path: '/app.slice/term.scope', separate: true, idle: false });
    expect(report.enough).toBe(false);
    expect(report.sentence).toContain('systemd-run --user --scope -p CPUWeight=idle');
  });

  test('of a slice is shared by many programs: nice counts there and is enough', () => {
    const { system, report } = lower(
      version2('/user.slice/app.slice/term.scope', {
        '/user.slice/app.slice/term.scope/cgroup.procs': '50\n100\n',
        '/user.slice/app.slice/cgroup.procs': '',
        '/user.slice/app.slice/cpu.idle': '0\n',
        '/user.slice/cgroup.procs': '',
        '/user.slice/cpu.idle': '0\n',
      }),
    );
    expect(report.cpuGroup).toEqual({ path: '/user.slice/app.slice', separate: false, idle: false });
    expect(report.enough).toBe(true);
    expect(system.files.get('/sys/fs/cgroup/user.slice/app.slice/cpu.idle')).toBe('0\n');
  });

  test('is none where no controller rations the time', () => {
    expect(lower(version2('/', {})).report.cpuGroup).toBeNull();
    expect(lower(version2('/a/b', { '/a/b/cgroup.procs': '100\n' })).report.cpuGroup).toBeNull();
  });

  test('of version 1 is found by its own mount, and its root is no group', () => {
    const files = {
      '/proc/100/cgroup': '4:cpu,cpuacct:/job\n0::/\n',
      '/proc/100/mountinfo': `${MOUNT}32 31 0:29 / /cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n`,
      '/cg/cpu/cgroup.procs': '1\n',
      '/cg/cpu/cpu.shares': '1024\n',
      '/cg/cpu/job/cgroup.procs': '100\n',
      '/cg/cpu/job/cpu.shares': '1024\n',
      '/cg/cpu/job/cpu.idle': '0\n',
    };
    expect(lower({ files }).report.cpuGroup).toEqual({ path: '/job', separate: true, idle: true });
    expect(lower({ files: { ...files, '/proc/100/cgroup': '4:cpu,cpuacct:/\n0::/\n' } }).report.cpuGroup).toBeNull();
  });
});

describe('other systems', () => {
  function elsewhere(platform: NodeJS.Platform, accepts: { nice?: boolean; run?: boolean } = {}) {
    const runs: string[] = [];
    let nice = 0;
    const system: PlainSystem = {
      platform,
      pid: 4711,
      getNice: () => nice,
      setNice(value) {
        if (accepts.nice !== false) nice = value;
        return accepts.nice !== false;
      },
      run(program, args) {
        runs.push([program, ...args].join(' '));
        return accepts.run !== false;
      },
    };
    const report: PriorityReport = v.parse(PriorityReportSchema, lowerElsewhere(system));
    return { report, runs };
  }

  test('macOS: nice 19 and the background', () => {
    const { report, runs } = elsewhere('darwin');
    expect(runs).toEqual(['/usr/sbin/taskpolicy -b -p 4711']);
    expect(report).toMatchObject({ platform: 'darwin', nice: 19, background: true, enough: true });
  });

  test('macOS without taskpolicy says so', () => {
    const { report } = elsewhere('darwin', { run: false });
    expect(report).toMatchObject({ background: false, enough: false });
    expect(report.sentence).toContain('refused to make it a background task');
  });

  test('Windows: the idle class, and no program is run', () => {
    const { report, runs } = elsewhere('win32');
    expect(runs).toEqual([]);
    expect(report).toEqual({ platform: 'win32', nice: 19, enough: true, sentence: 'Lowest priority: the idle class.' });
  });

  test('a system that refuses is reported, not hidden', () => {
    for (const platform of ['darwin', 'win32', 'freebsd'] as const) {
      const { report } = elsewhere(platform, { nice: false });
      expect(report).toMatchObject({ nice: 0, enough: false });
      expect(report.sentence).toContain('left it at nice 0');
    }
  });
});
