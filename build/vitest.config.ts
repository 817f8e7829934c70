import { defineConfig } from 'vitest/config';

/** Tests run in forked processes: several of them change the priority or the signals of their process. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
