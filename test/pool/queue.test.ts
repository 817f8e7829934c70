/** What condor_q says, from a real pool (23.9.6), and what else may come. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readQueue } from '../../main/pool/queue.ts';

const REAL = `[
{
  "ClusterId": 6,
  "CumulativeRemoteUserCpu": 32.0,
  "JobStatus": 2,
  "Nice19Job": 0,
  "ProcId": 0,
  "RemoteHost": "slot1_1@localhost.test"
}
,
{
  "ClusterId": 6,
  "CumulativeRemoteUserCpu": 15.0,
  "HoldReason": "nice19 has failed 10 times; what it said is in said",
  "JobStatus": 5,
  "Nice19Job": 1,
  "ProcId": 1
}
]
`;

test('jobs by number, with what they do and where', () => {
  expect(readQueue(REAL)).toEqual([
    { job: 0, name: '6.0', state: 'running', host: 'slot1_1@localhost.test', holdReason: null },
    {
      job: 1,
      name: '6.1',
      state: 'held',
      host: null,
      holdReason: 'nice19 has failed 10 times; what it said is in said',
    },
  ]);
});

test('an empty queue is printed as nothing', () => {
  for (const nothing of ['', '\n', '[]']) expect(readQueue(nothing)).toEqual([]);
});

test('anything else is null, and never thrown', () => {
  for (const text of ['Error: communication error', '{}', '[{"ClusterId":1}]']) expect(readQueue(text)).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => void readQueue(text)));
});
