import { defineConfig } from 'vitest/config';
import { CONTEXT_VARIABLE } from './drills/kit/run-context.ts';
import { DrillSequencer } from './drills/kit/sequence.ts';

const unitTests = { include: ['{probes,fixtures,reports,drills,bin}/**/*.test.ts'] };
const e2eTests = { include: ['{drills,bin}/**/*.e2e.test.ts'] };
const containerTests = { include: ['{drills,bin}/**/*.container.test.ts'] };
const contractTests = { include: ['{probes,fixtures,reports,drills,bin}/**/*.contract.test.ts'] };

export default defineConfig({
  test: {
    sequence: { sequencer: DrillSequencer },
    projects: [
      {
        // Pure code and small I/O on loopback: fast, in parallel.
        test: {
          name: 'unit',
          ...unitTests,
          exclude: [...contractTests.include, ...e2eTests.include, ...containerTests.include],
          environment: 'node',
        },
      },
      {
        // Real processes: Postgres, the twin's wire, the command line.
        test: {
          name: 'contract',
          ...contractTests,
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        // The command line as a person uses it, with whole rehearsals. Two files beside each other: each test has
        // a folder of its own, and a prober that was held up makes a drill unknown, never met.
        test: {
          name: 'e2e',
          ...e2eTests,
          environment: 'node',
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Stock Postgres of several versions in containers; skipped with the reason where no engine answers.
        test: {
          name: 'container',
          ...containerTests,
          environment: 'node',
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The drills: never retried, never beside each other, each with a time limit of its own.
        test: {
          name: 'drill',
          // Whole tables stream through a drill: V8 would widen its young generation by 100 MiB and more.
          execArgv: ['--max-semi-space-size=4'],
          include: ['drills/*.drill.ts'],
          environment: 'node',
          pool: 'forks',
          fileParallelism: false,
          maxWorkers: 1,
          retry: 0,
          globalSetup: ['drills/kit/global-setup.ts'],
          setupFiles: ['drills/kit/worker-setup.ts', ...(process.env[CONTEXT_VARIABLE] ? ['allure-vitest/setup'] : [])],
        },
      },
    ],
  },
});
