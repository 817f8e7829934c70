/** The parent of the week's process: hears every event as the program does, and is measured too. */

import * as v from 'valibot';
import { type Command, EventSchema } from '../../main/contract/messages.ts';
import { forkCruncher } from '../../main/supervisor/fork-port.ts';
import { Supervisor } from '../../main/supervisor/supervisor.ts';
import { footprint, type Growth, growth, type Sample } from './footprint.ts';
import type { FromWeek } from './messages.ts';
import type { Week } from './week.ts';

export interface LongLife {
  readonly week: Week;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of everything in the data directory, at each hundredth of the finds. */
  readonly bytes: readonly number[];
  readonly cruncher: { readonly samples: readonly Sample[]; readonly growth: Growth };
  readonly parent: { readonly samples: readonly Sample[]; readonly growth: Growth };
  /** Primes that were heard of. */
  readonly heard: number;
  /** What the store told: backups that could not be made, damage. */
  readonly sentences: readonly string[];
}

export async function longLife(
  directory: string,
  finds: number,
  onSample: (sample: Sample) => void = () => {},
): Promise<LongLife> {
  const started = performance.now();
  const module = new URL('./cruncher.ts', import.meta.url);
  const supervisor = new Supervisor<Command, FromWeek>({
    spawn: () => forkCruncher({ module, args: [directory, String(finds)] }),
    stopMessage: { type: 'stop' },
  });
  const samples: { cruncher: Sample[]; parent: Sample[] } = { cruncher: [], parent: [] };
  const bytes: number[] = [];
  const sentences: string[] = [];
  let heard = 0;
  const lived = Promise.withResolvers<Extract<FromWeek, { type: 'lived' }>>();
  supervisor.onMessage((message) => {
    switch (message.type) {
      case 'sample':
        samples.cruncher.push(message.sample);
        samples.parent.push({ ...footprint(), finds: message.sample.finds });
        bytes.push(message.bytes);
        onSample(message.sample);
        return;
      case 'sentence':
        sentences.push(message.sentence);
        return;
      case 'lived':
        lived.resolve(message);
        return;
      default:
        if (v.parse(EventSchema, message).type === 'prime') heard++;
    }
  });
  supervisor.onEvent((event) => {
    if (event.type !== 'crashed') return;
    lived.reject(new Error(`the week ended early: ${event.lastWords.join('\n')}`));
  });
  supervisor.start();
  try {
    const { week, cpuSeconds } = await lived.promise;
    return {
      week,
      seconds: (performance.now() - started) / 1000,
      cpuSeconds,
      bytes,
      cruncher: { samples: samples.cruncher, growth: growth(samples.cruncher) },
      parent: { samples: samples.parent, growth: growth(samples.parent) },
      heard,
      sentences,
    };
  } finally {
    await supervisor.stop();
  }
}
