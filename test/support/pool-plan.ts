/** A pool's plan, as tests need one. */

import type { Plan } from '../../main/pool/plan.ts';

export const POOL_PLAN: Plan = {
  format: 'nice19-pool',
  version: 1,
  id: '0123abcd',
  seed: 'ab'.repeat(32),
  digits: 10_000,
  errorLog2: -80,
  jobs: 3,
  count: null,
  every: 3600,
  node: null,
  createdAt: '2026-11-27T00:00:00Z',
  program: 'nice19 0.0.0',
};
