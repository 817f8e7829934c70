/** What `npm run dist:check` looks at, one finding a line: the archive, the fuses, the places, the menu entry, the first start. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LARGEST_BYTES, problemsIn } from './contents.ts';
import { firstStart } from './first-start.ts';
import { APP_ID, NAME } from './identity.ts';
import { fusesOf, namesIn, packedFiles } from './inspect.ts';
import type { Unpacked } from './pack.ts';

/** A line of the table: what was looked at, what it is, and what is wrong with it. */
export interface Finding {
  readonly what: string;
  readonly is: string;
  readonly problems: readonly string[];
}

/** Looks at everything that can be looked at without starting it. */
export async function inspect({ folder, places, desktopEntry }: Unpacked): Promise<Finding[]> {
  const resources = join(folder, 'resources');
  const files = packedFiles(resources);
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  const beside = namesIn(resources).filter((name) => !/^(?:app\.asar(?:\.unpacked)?|apparmor-profile)$/.test(name));
  const fuses = await fusesOf(join(folder, NAME));
  const metainfo = join(folder, `usr/share/metainfo/${APP_ID}.metainfo.xml`);
  const wanted = [`/usr/share/applications/${NAME}.desktop`, `/usr/share/metainfo/${APP_ID}.metainfo.xml`].concat(
    [16, 512].map((size) => `/usr/share/icons/hicolor/${size}x${size}/apps/${NAME}.png`),
  );
  const missing = wanted.filter((place) => !places.includes(place));
  return [
    {
      what: 'app.asar',
      is: `${files.length} files, ${bytes} of at most ${LARGEST_BYTES} bytes`,
      problems: [...problemsIn(files), ...beside.map((name) => `${name} lies beside it.`)],
    },
    ...fuses.map((fuse) => ({
      what: `fuse ${fuse.name}`,
      is: fuse.is ? 'on' : 'off',
      problems: fuse.is === fuse.wanted ? [] : [`It should be ${fuse.wanted ? 'on' : 'off'}.`],
    })),
    {
      what: 'places in Debian’s package',
      is: `${places.length}`,
      problems: missing.map((place) => `Nothing goes to ${place}.`),
    },
    validated('menu entry', 'desktop-file-validate', [desktopEntry]),
    validated('AppStream', 'appstreamcli', ['validate', '--no-net', metainfo]),
  ];
}

/** By the freedesktop.org program for it, where that is installed. */
function validated(what: string, program: string, args: readonly string[]): Finding {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) return { what, is: `not looked at: ${program} is not installed`, problems: [] };
  return {
    what,
    is: status === 0 ? `valid (${program})` : 'not valid',
    problems: status === 0 ? [] : [stdout + stderr],
  };
}

export async function started(resources: string, scratch: string): Promise<Finding> {
  const what = 'first start, on the stand-in';
  try {
    const { icon, line, code } = await firstStart(resources, scratch);
    const problems = [
      ...(existsSync(icon) ? [] : [`The tray's icon ${icon} is not there.`]),
      ...(code === 0 ? [] : [`It ended with code ${code} after SIGTERM.`]),
    ];
    return { what, is: `tray "${line}"`, problems };
  } catch (error) {
    return { what, is: 'failed', problems: [error instanceof Error ? error.message : String(error)] };
  }
}

export function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  return findings
    .flatMap(({ what, is, problems }) => [
      `${problems.length === 0 ? 'ok ' : 'NOT'} ${what.padEnd(width)}  ${is}`,
      ...problems.map((problem) => `      ${problem.trim()}`),
    ])
    .join('\n');
}
