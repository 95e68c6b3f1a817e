import { fileURLToPath } from 'node:url';
import { ownModule } from '../../probes/own-module.ts';
import { CONTEXT_VARIABLE } from './run-context.ts';

const file = (source: string): string => fileURLToPath(ownModule(source, import.meta.url));

/**
 * The vitest project of the drills: never retried, never beside each other, each with a time limit of its own.
 * `kunren rehearse` and a bare vitest run them by the same settings.
 */
export const drillProject = () => ({
  name: 'drill',
  // Whole tables stream through a drill: V8 would widen its young generation by 100 MiB and more.
  execArgv: ['--max-semi-space-size=4'],
  environment: 'node',
  pool: 'forks' as const,
  fileParallelism: false,
  maxWorkers: 1,
  retry: 0,
  globalSetup: [file('./global-setup.ts')],
  setupFiles: [file('./worker-setup.ts'), ...(process.env[CONTEXT_VARIABLE] ? [allureSetup()] : [])],
});

/** By its file: a project that uses the package need not have it among its own. */
const allureSetup = (): string => fileURLToPath(import.meta.resolve('allure-vitest/setup'));
