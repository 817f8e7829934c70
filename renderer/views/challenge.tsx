/** Challenge: two found primes multiplied. Easy to make, hard to undo; the factors are told on request. */

import { useEffect, useState } from 'preact/hooks';
import { type Challenge, LARGEST_CHALLENGE, SMALLEST_CHALLENGE } from '../../main/contract/library.ts';
import { useModel } from '../model.ts';
import { useAnswer } from '../parts/answer.ts';
import { Copy } from '../parts/copy.tsx';
import { Digits } from '../parts/digits.tsx';
import { Heading } from '../parts/heading.tsx';
import { save } from '../parts/save.ts';
import { hashOf } from '../route.ts';
import { count } from '../words/numbers.ts';

export function ChallengeView() {
  const model = useModel();
  const [digits, setDigits] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // Of a challenge that is there the numbers stay; while there is none, the next find may make one.
  const [finds, setFinds] = useState(0);
  const answer = useAnswer('challenge', { digits }, finds);
  const challenge = answer?.ok ? answer.value : null;
  const version = model.primesVersion.value;
  useEffect(() => {
    if (answer?.ok && answer.value === null) setFinds(version);
  }, [version]);
  const choose = (text: string): void => {
    const asked = text === '' ? null : Number(text);
    const fine =
      asked === null || (Number.isInteger(asked) && asked >= SMALLEST_CHALLENGE && asked <= LARGEST_CHALLENGE);
    setProblem(
      fine
        ? null
        : `Choose a whole number from ${SMALLEST_CHALLENGE} to ${count(LARGEST_CHALLENGE)}, or leave it empty.`,
    );
    if (fine) setDigits(asked);
  };
  return (
    <>
      <Heading title="Challenge" />
      {challenge && (
        <blockquote class="challenge-line">
          Does any factoring wizard want a {count(challenge.digits)} digit compos…
        </blockquote>
      )}
      <p class="lead">
        The product of two primes that were found here. To multiply them took a moment; to find them again is beyond
        anybody’s means once it has far more digits than the 250 of RSA-250, which was factored in 2020.
      </p>
      <div class="inline-field">
        <label for="challenge-digits">Digits of the product, about</label>
        <input
          id="challenge-digits"
          type="number"
          min={SMALLEST_CHALLENGE}
          max={LARGEST_CHALLENGE}
          placeholder="as found last"
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
      </div>
      <p class="error" role="alert">
        {problem ?? (answer?.ok === false ? answer.sentence : null)}
      </p>
      {answer?.ok && challenge === null && (
        <p class="empty">
          {digits === null
            ? 'It takes two primes of about the same size. There are not two yet.'
            : 'There are no two primes whose product has about so many digits.'}
        </p>
      )}
      {challenge && <Composite key={challenge.composite} challenge={challenge} />}
    </>
  );
}

function Composite({ challenge }: { challenge: Challenge }) {
  const { digits, composite, factors, neighbours } = challenge;
  const [revealed, setRevealed] = useState(false);
  return (
    <>
      <section aria-labelledby="composite">
        <div class="section-head">
          <h2 id="composite">{count(digits)} digits</h2>
          <div class="buttons">
            <Copy text={() => composite} what="the composite">
              Copy
            </Copy>
            <button
              type="button"
              onClick={() =>
                save({ name: `composite-${digits}-digits.txt`, type: 'text/plain', content: `${composite}\n` })
              }
            >
              Export
            </button>
          </div>
        </div>
        <Digits digits={composite} label="The composite" />
        <p class="note">Copied and exported without its factors.</p>
        {neighbours && (
          <p class="note attention">
            No wizard is needed for this one: all primes of the size that were found so far are near each other, and
            such factors are found at once. It becomes a challenge when the search has come to its next block.
          </p>
        )}
      </section>
      <section aria-labelledby="factors">
        <h2 id="factors">The factors</h2>
        {revealed ? (
          factors.map((number) => <Factor key={number} number={number} />)
        ) : (
          <p>
            <button type="button" onClick={() => setRevealed(true)}>
              Reveal them
            </button>
          </p>
        )}
      </section>
    </>
  );
}

function Factor({ number }: { number: number }) {
  const answer = useAnswer('prime', { number });
  return (
    <div class="factor">
      <p>
        <a href={hashOf({ view: 'prime', number })}>Prime number {count(number)}</a>
      </p>
      {answer?.ok === false && <p class="error">{answer.sentence}</p>}
      {answer?.ok && answer.value && (
        <Digits digits={answer.value.record.decimal} label={`Digits of prime number ${count(number)}`} />
      )}
    </div>
  );
}
