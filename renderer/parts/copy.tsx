/** A button that copies a text, and says whether it did. */

import { useState } from 'preact/hooks';

interface Props {
  readonly text: () => string;
  readonly children: string;
  /** What is copied, for those who hear the button alone. */
  readonly what?: string;
}

export function Copy({ text, children, what }: Props) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('Copied.');
    } catch {
      setSaid('The browser does not let this page copy: mark the text and copy it yourself.');
    }
  };
  return (
    <span class="copy">
      <button type="button" onClick={copy}>
        {children}
        {what !== undefined && <span class="unseen"> {what}</span>}
      </button>
      <span class="note" role="status">
        {said}
      </span>
    </span>
  );
}
