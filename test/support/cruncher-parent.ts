/** A program that owns a stand-in cruncher, to be killed: tells its own parent the cruncher's process id. */

import { forkCruncher } from '../../main/supervisor/fork-port.ts';
import { Supervisor } from '../../main/supervisor/supervisor.ts';
import type { Answer, Order } from './cruncher-stand-in.ts';

const supervisor = new Supervisor<Order, Answer>({
  spawn: () =>
    forkCruncher({ module: new URL('cruncher-stand-in.ts', import.meta.url), args: [process.argv[2] as string] }),
  stopMessage: { do: 'exit', code: 0 },
});
supervisor.onMessage((answer) => process.send?.(answer));
supervisor.start();
