/** The two files that a job of a pool carries: whole at every moment, and the same search goes on from them. */

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FINDS_FILE, STATE_FILE } from '../../../main/contract/job-files.ts';
import { Refusal } from '../../../main/cruncher/jobs/context.ts';
import { searchId } from '../../../main/cruncher/run/search-identity.ts';
import type { Disk } from '../../../main/cruncher/store/disk.ts';
import { JobFiles, primesOfJob, readJobFiles } from '../../../main/cruncher/store/job-files.ts';
import { FaultyDisk, type Step } from '../../support/faulty-disk.ts';
import { PaperRun, paperSpec, type SearchHome } from '../../support/paper-run.ts';
import { PaperStore } from '../../support/paper-store.ts';

const spec = paperSpec(30, 21);
const NOW = '2026-01-02T03:04:05.678Z';
const COUNT = 12;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nice19-job-files-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const at = (name: string) => join(directory, name);

/** As a search on paper wants it. */
function homeIn(place: string, disk?: Disk): SearchHome & { readonly files: JobFiles } {
  const files = JobFiles.open(place, () => spec, disk);
  return Object.assign(Object.create(files) as JobFiles, {
    files,
    useSearch: () => files.begin(NOW),
    search: () => ({ id: files.id, spec: files.spec, state: files.begunFrom, savedAt: NOW }),
    setAside: () => files.setAside(),
  });
}

async function undisturbed(count: number): Promise<string[]> {
  const paper = new PaperRun({ store: new PaperStore(), spec, count }).start();
  await paper.untilEnd();
  return paper.primes;
}

const decimals = (place: string): string[] => {
  const content = readJobFiles(place);
  return content === null ? [] : primesOfJob(content).map(({ decimal }) => decimal);
};

describe('a search in two files', () => {
  it('has the primes of the same search in a store, in the same order, and goes on in the middle of a test', async () => {
    const first = new PaperRun({ store: homeIn(directory), spec, count: null }).start();
    await first.until(() => decimals(directory).length >= 3 && first.workers[0]?.unit?.active != null);
    void first.run.stop();
    await first.untilEnd();
    const state = readJobFiles(directory)?.state.state;
    expect(state?.units.some(({ active }) => active !== null)).toBe(true);
    const before = decimals(directory).length;
    const second = new PaperRun({ store: homeIn(directory), spec, count: COUNT }).start();
    await second.untilEnd();
    expect(decimals(directory)).toEqual(await undisturbed(COUNT));
    expect(second.primes).toHaveLength(COUNT - before);
  });

  it('carries nothing but the two files, and what only saves time', async () => {
    const paper = new PaperRun({ store: homeIn(directory), spec, count: 2 }).start();
    await paper.untilEnd();
    const others = readdirSync(directory).filter((name) => name !== STATE_FILE && name !== FINDS_FILE);
    expect(others.filter((name) => !name.startsWith('nice19.sieve-'))).toEqual([]);
    for (const name of others) rmSync(at(name));
    await new PaperRun({ store: homeIn(directory), spec, count: COUNT }).start().untilEnd();
    expect(decimals(directory)).toEqual(await undisturbed(COUNT));
  });

  it('ends with the same primes after dying at any step on the disk', async () => {
    const expected = await undisturbed(COUNT);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }), async (deaths) => {
        const place = mkdtempSync(join(directory, 'dies-'));
        for (const death of deaths) await dieAfter(place, death);
        const paper = new PaperRun({ store: homeIn(place), spec, count: COUNT }).start();
        await paper.untilEnd();
        expect(decimals(place)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps a whole pair while the disk is full, and saves again when it is not', async () => {
    const faulty = new FaultyDisk();
    const home = homeIn(directory, faulty.disk);
    const paper = new PaperRun({ store: home, spec, count: null }).start();
    await paper.until(() => paper.primes.length >= 2);
    for (const step of ['append', 'sync', 'rename', 'syncDirectory'] as const satisfies readonly Step[]) {
      const told = paper.primes.length;
      faulty.fails([step], () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
      await paper.until(() => paper.of('warning').length > 0);
      expect(decimals(directory).slice(0, told)).toEqual(paper.primes.slice(0, told));
      faulty.works();
      paper.events.splice(0, paper.events.length, ...paper.of('prime'));
      await paper.until(() => paper.primes.length > told);
    }
    void paper.run.stop();
    await paper.untilEnd();
    expect(decimals(directory)).toEqual(paper.primes);
    expect(paper.primes).toEqual(await undisturbed(paper.primes.length));
  });
});

/** A process that dies at the n-th step on the disk: what it was about to do is not done, nor anything after it. */
async function dieAfter(place: string, death: number): Promise<void> {
  const faulty = new FaultyDisk();
  let left = death;
  let dead = false;
  faulty.before = (step) => {
    if (step === 'identity' || step === 'list') return;
    if (left-- > 0 && !dead) return;
    dead = true;
    throw new Error('this process is dead');
  };
  try {
    const paper = new PaperRun({ store: homeIn(place, faulty.disk), spec, count: COUNT, checkpointEvery: 0.3 }).start();
    await paper.until(() => dead || paper.ended !== null);
    paper.crash();
  } catch (error) {
    if (!dead) throw error;
  }
}

describe('what is read back', () => {
  const searched = async (): Promise<string[]> => {
    const paper = new PaperRun({ store: homeIn(directory), spec, count: 4 }).start();
    await paper.untilEnd();
    return paper.primes;
  };

  it('nothing, where both are missing or empty: the search begins', () => {
    expect(readJobFiles(directory)).toBeNull();
    for (const name of [STATE_FILE, FINDS_FILE]) writeFileSync(at(name), '');
    expect(readJobFiles(directory)).toBeNull();
    expect(JobFiles.open(directory, () => spec).id).toBe(searchId(spec));
  });

  it('not what is behind the finds of the state: it was being written', async () => {
    const primes = await searched();
    appendFileSync(at(FINDS_FILE), '{"block":0,"offs');
    expect(decimals(directory)).toEqual(primes);
    await new PaperRun({ store: homeIn(directory), spec, count: 6 }).start().untilEnd();
    expect(decimals(directory)).toEqual(await undisturbed(6));
  });

  it('nothing that is damaged: any byte, in either file, is noticed', async () => {
    await searched();
    for (const name of [STATE_FILE, FINDS_FILE]) {
      const whole = readFileSync(at(name));
      fc.assert(
        fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, flip) => {
          const damaged = Buffer.from(whole);
          damaged[place] = (damaged[place] as number) ^ flip;
          writeFileSync(at(name), damaged);
          // In the header a field may be spoilt that nobody asks for: then all else is whole.
          const content = quietly(() => readJobFiles(directory));
          if (content !== null) expect(name === STATE_FILE && place < whole.indexOf(10)).toBe(true);
        }),
        { numRuns: 200 },
      );
      writeFileSync(at(name), whole);
    }
  });

  it.each([
    ['finds cut short', () => truncateSync(at(FINDS_FILE), 10), 'copy both again'],
    ['finds without their state', () => truncateSync(at(STATE_FILE), 0), 'copy both again'],
    ['a state cut short', () => truncateSync(at(STATE_FILE), 200), 'cut short'],
    ['something else', () => writeFileSync(at(STATE_FILE), '{}\n{}\n'), 'is not a nice19 state of a job'],
  ])('not %s', async (_, spoil, mentions) => {
    await searched();
    spoil();
    expect(() => readJobFiles(directory)).toThrow(Refusal);
    expect(() => readJobFiles(directory)).toThrow(mentions);
  });
});

describe('the sieve beside them', () => {
  const bitmap = new Uint8Array([1, 2, 3, 255]);

  it('is there for who goes on at the same place, and goes when its block is settled', () => {
    const { id } = homeIn(directory).files;
    homeIn(directory).saveSurvivors(id, 3, 1000, bitmap);
    expect(homeIn(directory).survivors(id, 3)).toEqual({ depth: 1000, bitmap });
    expect(homeIn(directory).survivors(id, 4)).toBeNull();
    expect(homeIn(directory).survivors('another', 3)).toBeNull();
    homeIn(directory).forgetSurvivors(id, 4);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('counts as none when anything of it has changed', () => {
    const home = homeIn(directory);
    const { id } = home.files;
    home.saveSurvivors(id, 3, 1000, bitmap);
    const [name] = readdirSync(directory) as [string];
    const whole = readFileSync(at(name));
    for (let place = 0; place < whole.length; place++) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] as number) ^ 1;
      writeFileSync(at(name), damaged);
      expect(home.survivors(id, 3), `byte ${place}`).toBeNull();
    }
  });
});

function quietly<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
