import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testFolder } from './run-kunren.ts';

// The npm package as its users have it: installed in a project that has nothing else, and no source of ours.

const CLONE = fileURLToPath(new URL('..', import.meta.url));

const SERVICE = `
import { createServer } from 'node:http';
const answer: string = JSON.stringify({ status: 'ok' });
createServer((_request, response) => response.end(answer)).listen(Number(process.env['PORT']), '127.0.0.1');
`;

const CONFIG = `
import { defineSystem } from 'kunren';
export default defineSystem({
  name: 'tiny',
  title: { en: 'Tiny', ja: '小さなシステム' },
  timeZone: 'Asia/Tokyo',
  regions: { primary: 'ap-northeast-1' },
  availabilityZones: ['ap-northeast-1a', 'ap-northeast-1c'],
  runbook: { title: 'Plan', version: '1' },
  people: [],
  levels: [{ level: 1, title: { en: 'A part fails', ja: '一部の障害' } }],
  database: {
    id: 'tiny-db',
    engine: 'postgres',
    instanceClass: 'db.t4g.medium',
    allocatedStorageGiB: 20,
    name: 'tiny',
    masterUser: 'tiny_owner',
  },
  cluster: 'tiny',
  services: [
    {
      name: 'web',
      host: 'web.tiny.example',
      desiredCount: 2,
      stopTimeout: { seconds: 5 },
      memoryMiB: 128,
      command: ['node', 'service.ts'],
      health: { path: '/health', body: { json: { status: 'ok' } } },
      functions: [],
    },
  ],
  scenarios: [
    {
      id: 'task-failure',
      title: { en: 'A task fails', ja: 'タスク障害' },
      level: 1,
      recovery: 'automatic',
      rto: { minutes: 5 },
      source: 'plan, 1',
    },
  ],
});
`;

const DRILL = `
import { drill, faultIsProved, recoversByItself, stopTask, systemIsWhole } from 'kunren';
const limitMs: number = 300_000;
drill('task-goes', {
  title: { en: 'a task is replaced', ja: 'タスクが補充される' },
  scenarios: ['task-failure'],
  fault: stopTask(),
  recovered: [systemIsWhole()],
  checks: [
    faultIsProved('task-gone', { en: 'the task is gone', ja: 'タスクが停止した' }),
    recoversByItself('task-back', { en: 'it is replaced', ja: '補充される' }),
  ],
  limitMs,
});
`;

const MISTAKES = `
import { defineSystem, type DrillSpec, stopTask, type SystemInput } from 'kunren';
// @ts-expect-error: a name is a text
export const system = (input: SystemInput) => defineSystem({ ...input, name: 7 });
// @ts-expect-error: a limit is a number
export const limit: DrillSpec['limitMs'] = '300_000';
// @ts-expect-error: there is nothing to choose
export const fault = stopTask('web');
`;

/** As strict as a project may be; declarations that lie in packages are not looked through. */
const TSCONFIG = {
  compilerOptions: {
    ...{ module: 'nodenext', target: 'es2024', strict: true, exactOptionalPropertyTypes: true },
    ...{ noEmit: true, skipLibCheck: true, types: [] },
  },
  files: ['kunren.config.ts', 'drills/task-goes.drill.ts', 'mistakes.ts'],
};

let folder: string;
beforeEach(() => {
  folder = testFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(cwd: string, program: string, ...args: string[]) {
  const env = { ...process.env, KUNREN_HOME: join(folder, 'stages'), VITEST: '', VITEST_WORKER_ID: '' };
  delete (env as { KUNREN_RUNS?: string }).KUNREN_RUNS;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 240_000 });
  return { status, stdout, output: stdout + stderr };
}

function write(file: string, text: string): void {
  mkdirSync(join(folder, 'project/drills'), { recursive: true });
  writeFileSync(join(folder, 'project', file), text);
}

test('in an empty project the package types and rehearses a drill of the project’s own', { timeout: 300_000 }, () => {
  const packed = run(CLONE, 'npm', 'pack', '--pack-destination', folder);
  expect(packed.status, packed.output).toBe(0);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  write('package.json', '{ "name": "project", "private": true, "type": "module" }');
  const project = join(folder, 'project');
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund'];
  const installed = run(project, 'npm', 'install', ...quietly, join(folder, tarball ?? 'no tarball'));
  expect(installed.status, installed.output).toBe(0);
  const sources = readdirSync(join(project, 'node_modules/kunren'), { recursive: true, encoding: 'utf8' });
  expect(sources.filter((name) => /(?<!\.d)\.ts$/.test(name) && !/node_modules|second-system/.test(name))).toEqual([]);

  write('service.ts', SERVICE);
  write('kunren.config.ts', CONFIG);
  write('drills/task-goes.drill.ts', DRILL);
  write('mistakes.ts', MISTAKES);
  write('tsconfig.json', JSON.stringify(TSCONFIG));
  const checked = run(project, process.execPath, join(CLONE, 'node_modules/typescript/bin/tsc'));
  expect(checked.status, checked.output).toBe(0);

  const rehearse = () => run(project, 'npx', '--no', 'kunren', 'rehearse', 'task-goes', 'no-fault', '--json');
  let rehearsed = rehearse();
  // A machine that is busy (with what was just installed, say) tells that it cannot measure: no matter of the package.
  if (rehearsed.output.includes('the calibration does not hold')) rehearsed = rehearse();
  expect(rehearsed.status, rehearsed.output).toBe(0);
  const { drills } = JSON.parse(rehearsed.stdout) as { drills: { id: string; verdict: string }[] };
  expect(drills.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(['no-fault met', 'task-goes met']);
  expect(existsSync(join(project, 'reports/runs/latest/report.html'))).toBe(true);

  write('drills/no-fault.drill.ts', DRILL);
  expect(run(project, 'npx', '--no', 'kunren', 'rehearse', 'no-fault').output).toMatch(
    /There are two drills "no-fault": \S+kunren\/dist\/drills\/no-fault\.drill\.js and \S+project\/drills\/no-fault\.drill\.ts/,
  );
});
