/** What a view asks for when it opens, and again when the answer may be another. */

import { useEffect, useState } from 'preact/hooks';
import type { Gives, RequestName, Result, Takes } from '../../main/contract/bridge.ts';
import { useModel } from '../model.ts';

/**
 * @param takes asked again when it is another
 * @param version asked again when it grows
 * @returns null until the first answer; then the last one, while the next is waited for
 */
export function useAnswer<N extends RequestName>(name: N, takes: Takes<N>, version = 0): Result<Gives<N>> | null {
  const { bridge } = useModel();
  const [answer, setAnswer] = useState<Result<Gives<N>> | null>(null);
  useEffect(() => {
    let current = true;
    void bridge.ask(name, takes).then((result) => {
      if (current) setAnswer(result);
    });
    return () => {
      current = false;
    };
  }, [name, JSON.stringify(takes), version]);
  return answer;
}
