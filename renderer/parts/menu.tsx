/** A button that opens a few others below it. Escape and going elsewhere close it. */

import { useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly entries: readonly { readonly name: string; readonly act: () => void }[];
}

export function Menu({ title, entries }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (details.current) details.current.open = false;
  };
  return (
    <details
      class="menu"
      ref={details}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !details.current?.open) return;
        close();
        details.current.querySelector('summary')?.focus();
      }}
      onFocusOut={(event) => {
        if (!details.current?.contains(event.relatedTarget as Node | null)) close();
      }}
    >
      <summary class="button">{title}</summary>
      <div class="entries">
        {entries.map(({ name, act }) => (
          <button
            type="button"
            key={name}
            onClick={() => {
              details.current?.querySelector('summary')?.focus();
              close();
              act();
            }}
          >
            {name}
          </button>
        ))}
      </div>
    </details>
  );
}
