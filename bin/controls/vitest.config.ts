import { defineConfig } from 'vitest/config';

// The drill project of the main configuration, over the controls of the test runner.
export default defineConfig({
  test: {
    include: ['bin/controls/*.drill.ts'],
    pool: 'forks',
    maxWorkers: 1,
    globalSetup: ['drills/kit/global-setup.ts'],
    setupFiles: ['drills/kit/worker-setup.ts'],
  },
});
