/** What a calibration depends on, of this computer. */

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { VERSION } from '../../contract/version.ts';
import { mergesVectors } from '../../search/kernel-names.ts';
import type { Machine } from './calibration.ts';

/** Not what this process may use of it: a search that is bound to one core runs on the same computer. */
export function thisMachine(): Machine {
  const all = cpus();
  const name = all[0]?.model.trim() ?? '';
  return {
    cpu: [name, ...cpuKind()].join(', '),
    cores: all.length,
    engine: process.versions.v8,
    merges: mergesVectors(),
    version: VERSION,
  };
}

/** Virtual machines give kinds of very different speed one name ("AMD EPYC"); Linux tells which it is. */
function cpuKind(): string[] {
  let text: string;
  try {
    text = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return [];
  }
  const [first = ''] = text.split('\n\n');
  return first.split('\n').flatMap((line) => {
    const [, key, value] = /^(cpu family|model|CPU implementer|CPU part)\s*:\s*(\S+)/.exec(line) ?? [];
    return key === undefined ? [] : [`${key} ${value}`];
  });
}
