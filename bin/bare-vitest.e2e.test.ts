import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunDocument } from '../reports/core/run-document.ts';
import { testFolder } from './run-kunren.ts';

// The drills are vitest suites: a bare vitest must say what `kunren rehearse` says.

let home: string;
beforeEach(() => {
  home = testFolder();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function vitest(args: readonly string[], options?: object): { status: number | null; output: string } {
  const env = {
    ...process.env,
    KUNREN_HOME: `${home}/stages`,
    KUNREN_RUNS: `${home}/runs`,
    ...(options && { KUNREN_OPTIONS: JSON.stringify(options) }),
    VITEST: '',
  };
  const ended = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    encoding: 'utf8',
    env,
  });
  return { status: ended.status, output: ended.stdout + ended.stderr };
}

const verdicts = (): string[] => {
  const document = JSON.parse(readFileSync(`${home}/runs/latest/run.json`, 'utf8')) as RunDocument;
  return document.drills.map(({ result }) => `${result.id} ${result.verdict}`);
};

test('met drills pass', () => {
  const { status, output } = vitest(['--project', 'drill', 'drills/no-fault', 'drills/database-failover']);
  expect(status, output).toBe(0);
  expect(verdicts()).toEqual(['no-fault met', 'database-failover met']);
  expect(existsSync(`${home}/stages`)).toBe(false);
});

test('an unknown drill fails, with its reason', () => {
  const { status, output } = vitest(['--project', 'drill', 'drills/database-failover'], {
    stage: 'twin',
    seed: 1,
    spoil: 'ignored-reboot',
  });
  expect(status).toBe(1);
  expect(output).toContain('unknown: fault not observed');
  expect(verdicts()).toEqual(['database-failover unknown']);
});

test('a drill that is not run is skipped with its reason, and nothing but skipped drills is red', () => {
  const { status, output } = vitest([
    '--config',
    'bin/controls/vitest.config.ts',
    '--root',
    '.',
    '--reporter',
    'verbose',
  ]);
  expect(output).toContain('stage twin cannot do this, on purpose');
  expect(output).toMatch(/1 skipped/);
  expect(verdicts()).toEqual(['not-run not-run']);
  expect(status).toBe(2);
});
