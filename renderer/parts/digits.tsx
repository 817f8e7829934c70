/** A large number, in groups to be read. What is marked and copied has no spaces. */

import { useMemo } from 'preact/hooks';
import { grouped } from '../words/digits.ts';

export function Digits({ digits, label, group = 10 }: { digits: string; label: string; group?: number }) {
  const text = useMemo(() => grouped(digits, group), [digits, group]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is not a form
    <div
      class="digits"
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it can be scrolled, also by keyboard
      tabIndex={0}
      onCopy={(event) => {
        const marked = String(getSelection() ?? '');
        event.clipboardData?.setData('text/plain', marked.replace(/\s/g, ''));
        event.preventDefault();
      }}
    >
      {text}
    </div>
  );
}
