/** A name, what it is, and perhaps a word more: one entry of a list of figures. */

import type { ComponentChildren } from 'preact';

interface Props {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly note?: string | undefined;
}

export function Figure({ name, children, note }: Props) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && <span class="note">{note}</span>}
      </dd>
    </div>
  );
}
