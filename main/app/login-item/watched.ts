/** A login item that tells what it is whenever somebody asked or changed it, so that tray and window say the same. */

import type { LoginItem } from '../../contract/bridge.ts';
import type { LoginItemEdge } from '../../host/edges.ts';

export function watched(edge: LoginItemEdge, told: (item: LoginItem) => void): LoginItemEdge {
  const tell = async (item: Promise<LoginItem>): Promise<LoginItem> => {
    told(await item);
    return item;
  };
  return {
    read: () => tell(edge.read()),
    set: (on) => tell(edge.set(on)),
  };
}
