import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  CALIBRATION_FILE,
  calibrate,
  type Machine,
  readCalibration,
} from '../../../main/cruncher/calibration/calibration.ts';
import { thisMachine } from '../../../main/cruncher/calibration/machine.ts';
import { allowedCores } from '../../../main/cruncher/threads/affinity.ts';
import { areCrossovers } from '../../../main/search/kernel-names.ts';

const machine: Machine = { cpu: 'Some CPU', cores: 2, engine: '13.6', merges: true, version: '1.0.0' };
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'calibration-'));
});
const file = () => join(directory, CALIBRATION_FILE);
const plan = () => ({ directory, machine, clock: () => performance.now() / 1000, turn: async () => true });

describe('the calibration', () => {
  it('is kept and read again, on the same machine only', async () => {
    expect(readCalibration(directory, machine)).toBeNull();
    const measured = await calibrate(plan());
    // A CPU without fused multiply-add has nothing to choose between.
    if (measured === null) return;
    expect(areCrossovers(measured)).toBe(true);
    expect(readCalibration(directory, machine)).toEqual(measured);
    const others = [{ cpu: 'Another' }, { cores: 4 }, { engine: '13.7' }, { merges: false }, { version: '1.0.1' }];
    for (const other of others) expect(readCalibration(directory, { ...machine, ...other })).toBeNull();
  });

  it('is none when its file is damaged, of another form or out of range', () => {
    const good = JSON.stringify({ machine, crossovers: [2400] });
    const read = (text: string) => {
      writeFileSync(file(), text);
      return readCalibration(directory, machine);
    };
    expect(read(good)).toEqual([2400]);
    for (let end = 0; end < good.length; end++) expect(read(good.slice(0, end))).toBeNull();
    for (const crossovers of [[10], [2400, 2300], ['2400'], null, {}]) {
      expect(read(JSON.stringify({ machine, crossovers }))).toBeNull();
    }
    expect(read(JSON.stringify({ crossovers: [2400] }))).toBeNull();
  });

  it.runIf(process.platform === 'linux')('is of this computer, whatever cores a process may use of it', () => {
    const url = new URL('../../../main/cruncher/calibration/machine.ts', import.meta.url);
    const code = `import { thisMachine } from ${JSON.stringify(url.href)}; console.log(JSON.stringify(thisMachine()));`;
    const text = execFileSync(
      'taskset',
      ['-c', `${allowedCores()[0]}`, process.execPath, '--input-type=module', '-e', code],
      {
        encoding: 'utf8',
      },
    );
    expect(JSON.parse(text)).toEqual(thisMachine());
    expect(thisMachine().cpu).toMatch(process.arch === 'x64' ? /, cpu family \d+, model \d+$/ : /./);
  });

  it('leaves nothing behind when it is given up', async () => {
    let turns = 0;
    expect(await calibrate({ ...plan(), turn: async () => ++turns < 5 })).toBeNull();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('replaces a damaged file', async () => {
    writeFileSync(file(), '{');
    const measured = await calibrate(plan());
    if (measured === null) return;
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ machine, crossovers: measured });
    expect(readdirSync(directory)).toEqual([CALIBRATION_FILE]);
  });
});
