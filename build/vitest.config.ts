import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Tests run in forked processes: several of them change the priority or the signals of their process. */
const common = { root, pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 60_000 };

/**
 * End-to-end tests come last and one at a time: the cruncher they start gives way to everything, other tests
 * included, and would stand still beside them.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'rooms',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/end-to-end/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'end to end',
          include: ['test/end-to-end/**/*.test.{ts,tsx}'],
          testTimeout: 240_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
