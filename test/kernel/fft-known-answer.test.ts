import { describe, expect, test } from 'vitest';
import type { Style } from '../../main/kernel/fft/complex.ts';
import { Engine } from '../../main/kernel/fft/engine.ts';
import { answersRight } from '../../main/kernel/fft/known-answer.ts';
import { layoutFor } from '../../main/kernel/fft/layout.ts';
import { fftModule } from '../../main/kernel/fft/module.ts';
import { largestWordBits, type Transform, transformOf } from '../../main/kernel/fft/transform.ts';
import { toTheEnd } from '../../main/kernel/steps.ts';

const transforms = [32, 40, 48, 160, 512, 1536].map((n) => transformOf(n, largestWordBits(n)));

function engineOf(transform: Transform, style: Style, kind = Engine): Engine {
  const layout = layoutFor(transform);
  return new kind(layout, toTheEnd(fftModule(layout, style)));
}

describe('a known answer', () => {
  test.each([
    { fusion: 'fused', wide: true },
    { fusion: 'fused', wide: false },
    { fusion: 'separate', wide: true },
    { fusion: 'separate', wide: false },
  ] as const)('is given by every engine, $fusion, wide: $wide', (style) => {
    for (const transform of transforms) expect(toTheEnd(answersRight(engineOf(transform, style)))).toBe(true);
  });

  test.each([0, 1] as const)('is not given by an engine that is wrong in lane %i', (wrong) => {
    class Wrong extends Engine {
      override read(register: number, lane: 0 | 1): bigint {
        const value = super.read(register, lane);
        return lane === wrong ? value ^ (1n << 100n) : value;
      }
    }
    for (const transform of transforms) {
      const engine = engineOf(transform, { fusion: 'fused', wide: true }, Wrong);
      expect(toTheEnd(answersRight(engine))).toBe(false);
    }
  });
});
