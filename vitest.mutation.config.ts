import './tests/support/node-20.ts';
import { defineConfig } from 'vitest/config';

/** The kernel's own tests, alone: what the mutation run asks of each mutant. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Thousands of runs: the laws are tried on fewer cases in each.
    env: { PLIMSOLL_PROPERTY_RUNS: '30' },
    include: ['risk-kernel/**/*.test.ts'],
  },
});
