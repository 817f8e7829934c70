/** The size of the primes: a slider, a field for any number, and beside them what a prime of that size takes here. */

import { useId, useState } from 'preact/hooks';
import { LARGEST_DIGITS, SMALLEST_DIGITS } from '../../main/contract/search-spec.ts';
import { count, plural } from '../words/numbers.ts';
import { cpuSecondsPerPrime, SIZES, stepOf } from '../words/sizes.ts';
import { isOften, secondsPerPrime, waitingSentence } from '../words/waiting.ts';
import { useAnswer } from './answer.ts';

interface Props {
  readonly digits: number;
  readonly cores: number;
  /** Percent of each core's time. */
  readonly cpuShare: number;
  /** Ids of what labels and describes it. */
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly onChange: (digits: number) => void;
}

const RANGE = `Choose a whole number of digits from ${SMALLEST_DIGITS} to ${count(LARGEST_DIGITS)}.`;

export function SizeSlider({ digits, cores, cpuShare, labelledBy, describedBy, onChange }: Props) {
  const estimates = useAnswer('estimates', { digits: [...SIZES] });
  // While the slider is moved nothing is set yet, only shown.
  const [moving, setMoving] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const shown = moving ?? digits;
  const set = (next: number): void => {
    setMoving(null);
    const fine = Number.isInteger(next) && next >= SMALLEST_DIGITS && next <= LARGEST_DIGITS;
    setProblem(fine ? null : RANGE);
    if (fine && next !== digits) onChange(next);
  };
  return (
    <div class="size-slider">
      <div class="sliding">
        <input
          type="range"
          min={0}
          max={SIZES.length - 1}
          step={1}
          value={stepOf(shown)}
          aria-labelledby={labelledBy}
          aria-describedby={describedBy === undefined ? id : `${describedBy} ${id}`}
          aria-valuetext={plural(shown, 'digit')}
          onInput={({ currentTarget }) => setMoving(SIZES[Number(currentTarget.value)] as number)}
          onChange={({ currentTarget }) => set(SIZES[Number(currentTarget.value)] as number)}
        />
        <input
          type="number"
          min={SMALLEST_DIGITS}
          max={LARGEST_DIGITS}
          step={1}
          value={shown}
          aria-labelledby={labelledBy}
          aria-invalid={problem !== null}
          onChange={({ currentTarget }) => set(currentTarget.valueAsNumber)}
        />
      </div>
      <p class="expected" id={id}>
        {estimates?.ok ? expectation(shown, cores, cpuShare, estimates.value) : estimates?.sentence}
      </p>
      <p class="error" role="alert">
        {problem}
      </p>
    </div>
  );
}

function expectation(
  digits: number,
  cores: number,
  cpuShare: number,
  estimates: Parameters<typeof cpuSecondsPerPrime>[1],
): string {
  const cpuSeconds = cpuSecondsPerPrime(digits, estimates);
  if (cpuSeconds === null) return '';
  const guessed = estimates.every(({ measured }) => !measured);
  const mean = secondsPerPrime(cpuSeconds, cores, cpuShare / 100);
  const where = guessed
    ? `With ${plural(cores, 'core')} of an ordinary computer (nothing was measured on this one yet)`
    : `With ${plural(cores, 'core')} of this computer`;
  const sentence = waitingSentence(mean);
  return `${where}: ${isOften(mean) ? '' : 'a prime '}${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}
