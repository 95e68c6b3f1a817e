import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { machineClock } from '../probes/clock.ts';
import { processesOfHome } from './left-behind.ts';
import { KUNREN, kunren, testFolder } from './run-kunren.ts';

let home: string;
let env: { [name: string]: string };
beforeEach(() => {
  home = testFolder();
  env = { KUNREN_HOME: join(home, 'stages'), KUNREN_RUNS: join(home, 'runs') };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Killable {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  said(): string;
}

function startRehearsal(): Killable {
  const child = spawn(process.execPath, [KUNREN, 'rehearse', 'database-failover'], {
    env: { ...process.env, ...env, VITEST: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, ended, said: () => said };
}

async function waitFor(what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (holds()) return;
    await machineClock.sleep(50);
  }
  throw new Error(`waited 30 s for ${what}`);
}

const ourProcesses = (): number[] => processesOfHome(env['KUNREN_HOME']!);

function twinPid(): number {
  const stages = env['KUNREN_HOME']!;
  const stage = readdirSync(stages).find((name) => name.startsWith('stage-'));
  return (JSON.parse(readFileSync(join(stages, stage!, 'stage.json'), 'utf8')) as { pid: number }).pid;
}

/** The worker is the child of the command that has vitest's worker file in its command line. */
function workerPid(): number {
  const worker = ourProcesses().find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('vitest/dist/workers'),
  );
  if (worker === undefined) throw new Error('no vitest worker is running');
  return worker;
}

const nothingLeft = (): boolean => ourProcesses().length === 0 && !existsSync(env['KUNREN_HOME']!);

test.skipIf(process.platform !== 'linux').each([
  { victim: 'command', pidOf: (run: Killable) => run.child.pid! },
  { victim: 'vitest worker', pidOf: () => workerPid() },
  { victim: 'twin', pidOf: () => twinPid() },
])(
  'kill -9 of the $victim in the middle of a failover leaves nothing that sweep does not remove',
  { timeout: 120_000 },
  async ({ victim, pidOf }) => {
    const run = startRehearsal();
    await waitFor('the fault', () => run.said().includes('prove-fault'));
    process.kill(pidOf(run), 'SIGKILL');
    const code = await run.ended;
    if (victim !== 'command') expect(code, run.said()).toBe(3);
    const swept = await kunren(['sweep'], env);
    expect(swept.code, swept.stderr).toBe(0);
    await waitFor('our processes to be gone', nothingLeft);
  },
);

test.skipIf(process.platform !== 'linux')(
  'after a kill the next run sweeps by itself',
  { timeout: 120_000 },
  async () => {
    const run = startRehearsal();
    await waitFor('the fault', () => run.said().includes('prove-fault'));
    process.kill(twinPid(), 'SIGSTOP'); // It cannot clean up after its owner, as if it had died with it.
    process.kill(run.child.pid!, 'SIGKILL');
    await run.ended;
    const next = await kunren(['rehearse', 'no-fault'], env);
    expect(next.stderr).toContain('swept:');
    expect(next.code, next.stderr).toBe(0);
    await waitFor('our processes to be gone', nothingLeft);
  },
);

test.each([
  { ends: 'a key', signal: 'SIGINT', isHeard: true },
  { ends: 'a lost connection, after which nobody reads what it says', signal: 'SIGHUP', isHeard: false },
] as const)('$ends undoes, ends with 130 and leaves nothing', { timeout: 120_000 }, async ({ signal, isHeard }) => {
  const run = startRehearsal();
  await waitFor('the fault', () => run.said().includes('prove-fault'));
  if (!isHeard) run.child.stderr?.destroy();
  run.child.kill(signal);
  expect(await run.ended, run.said()).toBe(130);
  // What it had measured until then is kept, and decides nothing.
  expect((await kunren(['judge', 'latest'], env)).code).toBe(2);
  await waitFor('our processes to be gone', nothingLeft);
});
