/** The bundled cruncher, which Electron runs, searches as the sources do: the same seed, the same primes. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ensureBundle } from '../../build/lib/bundle.mjs';
import { runChild } from '../../build/lib/child.mjs';
import type { SearchJob } from '../../main/contract/messages.ts';
import { ROOT } from '../support/files.ts';

const scratch = mkdtempSync(join(tmpdir(), 'nice19-bundled-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function primesBy(cruncher: string): Promise<string[]> {
  const job: SearchJob = {
    type: 'search',
    directory: mkdtempSync(join(scratch, 'search-')),
    digits: 50,
    errorLog2: -40,
    seed: '19'.repeat(32),
    restart: null,
    count: 3,
    workers: 2,
    checkpointEvery: 300,
    kernel: null,
  };
  const parent = `
    import { fork } from 'node:child_process';
    const child = fork(${JSON.stringify(join(ROOT, cruncher))}, { serialization: 'advanced', execArgv: [] });
    child.on('message', (event) => {
      if (event.type === 'prime' || event.type === 'refused') console.log(event.sentence ?? event.record.decimal);
      if (event.type === 'done') child.disconnect();
    });
    child.send({ type: 'job', job: ${JSON.stringify(job)} });`;
  const { code, output } = await runChild(process.execPath, ['--input-type=module', '-e', parent], { capture: true });
  expect(code, output).toBe(0);
  return output.trim().split('\n');
}

test('the bundle and the sources find the same primes', async () => {
  expect(await ensureBundle(process.execPath, ROOT)).toBeUndefined();
  const bundled = await primesBy('out/cruncher/main.js');
  expect(bundled.length).toBe(3);
  for (const prime of bundled) expect(prime).toMatch(/^\d{50}$/);
  expect(bundled).toEqual(await primesBy('main/cruncher/main.ts'));
});
