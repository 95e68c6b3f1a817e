import { defineConfig } from 'vitest/config';
import { drillProject } from './drills/kit/drill-project.ts';
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
        test: { ...drillProject(), include: ['drills/*.drill.ts'] },
      },
    ],
  },
});
