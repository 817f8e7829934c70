/** What a cruncher says, checked: it may be of another version, or wrong. */

import * as v from 'valibot';
import { type CruncherEvent, EventSchema } from '../contract/messages.ts';
import { beginning, oneLine } from '../contract/sentence.ts';
import type { Log } from './edges.ts';

/** @returns null for what is no event; the log has a line on it */
export function readEvent(message: unknown, log: Log): CruncherEvent | null {
  const parsed = v.safeParse(EventSchema, message);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const why = beginning(oneLine(`${v.getDotPath(issue) ?? 'message'}: ${issue.message}`), 200);
  log(`a message of the cruncher is dropped (${why})`);
  return null;
}
