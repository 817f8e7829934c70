/** How much of something is done. Its width is set by script: the page's policy forbids styles in attributes. */

export function Bar({ fraction, label }: { fraction: number; label: string }) {
  const percent = Math.round(100 * Math.min(1, Math.max(0, fraction)));
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      style={{ '--done': `${percent}%` }}
    />
  );
}
