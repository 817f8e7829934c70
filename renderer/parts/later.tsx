/** A part of the window whose code comes when it is looked at. */

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const [Part, setPart] = useState<ComponentType | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (part) => setPart(() => part),
      () => setFailed(true),
    );
  }, [load]);
  if (failed)
    return <p role="alert">This part of the window could not be loaded: close the window and open it again.</p>;
  return Part && <Part />;
}
