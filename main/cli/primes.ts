/** `nice19 primes`: the finds as a table, as JSON or as CSV. */

import { CSV_HEAD, csvLine } from '../contract/prime-csv.ts';
import type { PrimeRecord } from '../contract/prime-record.ts';
import { abbreviated, count, duration, localTime, powerOfTwo } from './format.ts';
import { type Outcome, runJob } from './session.ts';
import type { Terminal } from './terminal.ts';

export async function primesCommand(
  directory: string,
  format: 'text' | 'json' | 'csv',
  terminal: Terminal,
): Promise<Outcome> {
  let seen = 0;
  if (format === 'csv') terminal.print(CSV_HEAD);
  const outcome = await runJob(
    { type: 'primes', directory },
    {
      onEvent(event) {
        if (event.type !== 'primes') return;
        for (const record of event.records) {
          const first = seen++ === 0;
          if (format === 'json') terminal.print(`${first ? '[' : ','}${JSON.stringify(record)}`);
          else terminal.print(format === 'csv' ? csvLine(record) : textLine(record));
        }
        if (!event.last) return;
        if (format === 'json') terminal.print(seen === 0 ? '[]' : ']');
        else if (seen === 0) terminal.say(`No primes yet in ${directory}; find some with "nice19 search".`);
      },
    },
  );
  return outcome;
}

function textLine({ foundAt, decimal, digits, worstCaseLog2, cpuSeconds, verdict }: PrimeRecord): string {
  const sure = verdict === 'prime' ? 'proven' : `error ≤ ${powerOfTwo(worstCaseLog2)}`;
  return `${localTime(foundAt)}  ${abbreviated(decimal)}  ${count(digits)} digits  ${sure}  ${duration(cpuSeconds)} CPU`;
}
