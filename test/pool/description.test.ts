/** The submit description: what HTCondor is told, and that people can read it. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { submitDescription } from '../../main/pool/description.ts';
import { requestDisk, requestMemory } from '../../main/pool/needs.ts';
import { jobSeed } from '../../main/pool/seeds.ts';
import { POOL_PLAN } from '../support/pool-plan.ts';

const plan = { ...POOL_PLAN, count: 7 };
const carried = { architectures: ['X86_64', 'aarch64'] as const, bytes: 127_000_000 };

/** Its commands, as condor_submit reads them. */
function commands(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => !line.startsWith('#') && line.includes(' = '));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()] as const),
  );
}

describe('the description', () => {
  it('says what the issue of checkpoints hangs on', () => {
    const found = commands(submitDescription(plan, [0, 1, 2], carried));
    expect(Object.fromEntries(found)).toMatchObject({
      universe: 'vanilla',
      executable: 'node-$$(Arch)',
      initialdir: 'jobs/$(job)',
      checkpoint_exit_code: '85',
      transfer_checkpoint_files: 'nice19.state, nice19.finds',
      transfer_output_files: 'nice19.state, nice19.finds',
      should_transfer_files: 'YES',
      when_to_transfer_output: 'ON_EXIT_OR_EVICT',
      request_cpus: '1',
      nice_user: 'True',
      requirements: '(OpSys == "LINUX") && (Arch == "X86_64" || Arch == "aarch64")',
      'My.Nice19Pool': '"0123abcd"',
    });
    expect(found.get('arguments')).toBe(
      '"nice19.mjs search --exit-on-checkpoint 85 --every 3600 --digits 10000 --error 2^-80 --seed $(seed) --count 7"',
    );
  });

  it('has one seed a job, of the jobs that are asked for', () => {
    const text = submitDescription(plan, [2, 0], carried);
    const queue = /^queue job, seed from \(\n([\s\S]*)\n\)\n$/m.exec(text)?.[1];
    expect(queue?.split('\n').map((line) => line.trim())).toEqual([
      `2 ${jobSeed(plan.seed, 2)}`,
      `0 ${jobSeed(plan.seed, 0)}`,
    ]);
  });

  it('leaves out what is not wanted: a count, a Node to carry', () => {
    const found = commands(submitDescription({ ...plan, count: null, node: '/usr/bin/node' }, [0], carried));
    expect(found.get('arguments')).not.toContain('--count');
    expect(found.get('executable')).toBe('/usr/bin/node');
    expect(found.get('transfer_executable')).toBe('False');
  });

  it('can be read: no line is longer than a screen, and every section says why', () => {
    const text = submitDescription(plan, [0, 1, 2], carried);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(150);
    expect(text.split('\n').filter((line) => line.startsWith('# ')).length).toBeGreaterThan(10);
  });
});

describe('what a job asks for', () => {
  it('grows with the digits, and is more than was measured', () => {
    const digits = fc.integer({ min: 100, max: 100_000 });
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(requestMemory(less)).toBeLessThanOrEqual(requestMemory(more));
        expect(requestDisk(less, 1)).toBeLessThanOrEqual(requestDisk(more, 1));
      }),
    );
    expect(requestMemory(1000)).toBeGreaterThan(204);
    expect(requestMemory(100_000)).toBeGreaterThan(227);
    expect(requestDisk(1000, 127_000_000)).toBeGreaterThan(127_000_000 / 2 ** 20);
  });
});
