import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { until } from '../fixtures/core/until.ts';
import { machineClock } from '../probes/clock.ts';
import { envOf, inFolder } from './refusal.ts';
import { KUNREN, kunren } from './run-kunren.ts';

test('kunren stop ends a drill from another shell, once it has undone', { timeout: 120_000 }, () =>
  inFolder(async (folder) => {
    const env = envOf(folder);
    expect(await kunren(['stop'], env)).toMatchObject({ code: 2, stdout: 'no run is in progress\n' });
    const run = spawn(process.execPath, [KUNREN, 'rehearse', 'task-unhealthy'], {
      env: { ...process.env, ...env, VITEST: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => run.once('close', (code) => resolve(code)));
    let said = '';
    run.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const wait = { name: 'the fault', limitMs: 60_000, everyMs: 50, remedy: 'look at what it said.' };
    await until(machineClock, wait, () => said.includes('prove-fault …') || undefined);
    const { code, stdout, stderr } = await kunren(['stop'], env);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^run \S+ has ended, all is undone\ntask-unhealthy: unknown: The drill was ended by kunren stop/,
    );
    expect(await ended, said).toBe(130);
    expect(existsSync(env.KUNREN_HOME)).toBe(false);
  }),
);
