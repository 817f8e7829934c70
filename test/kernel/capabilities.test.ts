import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Capabilities, detectCapabilities } from '../../main/kernel/capabilities.ts';
import { powerModulo } from '../support/big-integers.ts';

const PROGRAM = fileURLToPath(new URL('../support/print-capabilities.ts', import.meta.url));

/** 107, 521 and 3,217 bits: BigInt's, the schoolbook kernel's and the FFT kernel's size. */
const NUMBERS = [(1n << 107n) - 1n, (1n << 521n) + 11n, (1n << 3216n) + 297n];

interface Report {
  readonly capabilities: Capabilities;
  readonly powers: readonly { readonly kernel: string; readonly residues: readonly string[] }[];
}

/** In an engine that was told to do without. The options say something on x64, and nothing elsewhere. */
function runWithout(...options: string[]): Report {
  const text = execFileSync(process.execPath, [...options, PROGRAM, ...NUMBERS.map(String)], { encoding: 'utf8' });
  return JSON.parse(text) as Report;
}

const isX64 = process.arch === 'x64';

describe.each([
  ['everything', []],
  ['fused multiply-add', ['--no-enable-fma3']],
  ['vector arithmetic', ['--no-enable-sse4-1']],
])('on an engine (without %s, if options are given)', (missing, options) => {
  const report = runWithout(...options);

  test('every power is right, whatever is missing', () => {
    for (const [k, n] of NUMBERS.entries()) {
      const right = String(powerModulo(2n, n - 1n, n));
      expect(report.powers[k]?.residues).toEqual([right, right]);
    }
  });

  test('what is missing is found, and the kernels that need it are not taken', () => {
    const { simd, relaxedSimd, fusedMultiplyAdd } = report.capabilities;
    const taken = report.powers.map(({ kernel }) => kernel);
    if (isX64 && missing === 'fused multiply-add') expect([simd, fusedMultiplyAdd]).toEqual([true, false]);
    if (isX64 && missing === 'vector arithmetic')
      expect([simd, relaxedSimd, fusedMultiplyAdd]).toEqual([false, false, false]);
    if (!simd) expect(taken).toEqual(['bigint', 'bigint', 'bigint']);
    else if (!fusedMultiplyAdd) expect(taken).toEqual(['bigint', 'fft', 'fft']);
    else expect(taken).toEqual(['schoolbook', 'schoolbook', 'fft']);
  });
});

describe('the self-test', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('finds nothing where WebAssembly refuses the instructions', () => {
    class Refusing {
      constructor() {
        throw new Error('invalid opcode');
      }
    }
    vi.stubGlobal('WebAssembly', { Module: Refusing, Instance: WebAssembly.Instance });
    expect(detectCapabilities()).toEqual({ simd: false, relaxedSimd: false, fusedMultiplyAdd: false });
  });

  test('finds vectors alone where only the relaxed instructions are refused', () => {
    const Module = WebAssembly.Module;
    const Instance = WebAssembly.Instance;
    class Strict {
      constructor(bytes: Uint8Array<ArrayBuffer>) {
        if (hasRelaxedInstructions(bytes)) throw new Error('invalid opcode');
        // biome-ignore lint/correctness/noConstructorReturn: it stands in for a constructor of the engine
        return new Module(bytes) as unknown as Strict;
      }
    }
    vi.stubGlobal('WebAssembly', { Module: Strict, Instance });
    expect(detectCapabilities()).toEqual({ simd: true, relaxedSimd: false, fusedMultiplyAdd: false });
  });
});

/** relaxed_madd and relaxed_nmadd of two doubles: 0xfd, then 0x107 or 0x108 in LEB128. */
function hasRelaxedInstructions(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes);
  return buffer.includes(Buffer.from([0xfd, 0x87, 0x02])) || buffer.includes(Buffer.from([0xfd, 0x88, 0x02]));
}
