/** In the place of main/cli/web/web.ts in the bundle, which has no window. */

import type { Outcome } from '../../main/cli/session.ts';

export async function webCommand(): Promise<Outcome> {
  return { end: 'refused', sentence: 'This nice19 is one file without a window; search without --web.' };
}
