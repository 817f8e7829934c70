/** What has to be known in every view: no connection, a problem, what was restored. */

import type { ReadonlySignal } from '@preact/signals';
import { NOT_CONNECTED } from '../bridge/client.ts';
import { useModel } from '../model.ts';
import { at } from '../words/numbers.ts';

export function Notices({ misunderstood }: { misunderstood: ReadonlySignal<string | null> }) {
  const model = useModel();
  const now = model.now.value;
  const problem = !model.connected.value ? NOT_CONNECTED : (misunderstood.value ?? now?.problem ?? null);
  const notices = now?.notices ?? [];
  const dismiss = async (id: number): Promise<void> => {
    const result = await model.bridge.ask('dismissNotice', { id });
    if (!result.ok) model.complain(result.sentence);
  };
  if (problem === null && notices.length === 0) return null;
  return (
    <aside class="notices" aria-label="Notices">
      {problem !== null && <p class="notice problem">{problem}</p>}
      {notices.map(({ id, at: when, sentence }) => (
        <div class="notice" key={id}>
          <p>
            {sentence} <time dateTime={when}>{at(when)}</time>
          </p>
          <button type="button" class="quiet" onClick={() => dismiss(id)}>
            Dismiss<span class="unseen">: {sentence}</span>
          </button>
        </div>
      ))}
    </aside>
  );
}
