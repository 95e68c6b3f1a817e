import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line, for tests that use it as a person would. */
export const KUNREN = fileURLToPath(new URL('kunren.js', import.meta.url));

/** An empty folder of a test's own, which the user that Postgres runs as may enter. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kunren-e2e-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Who runs a command, and which copy of it, where that matters. */
interface As {
  readonly program?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs `kunren` with the arguments and waits for its end. */
export async function kunren(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
  { program = KUNREN, ...user }: As = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env, VITEST: '', VITEST_WORKER_ID: '', VITEST_POOL_ID: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return await new Promise((resolve) => child.once('close', (code) => resolve({ code, ...output })));
}

/**
 * The folder of a run of drills in which all were met: that of KUNREN_REHEARSED, where one of every drill is at hand, or of
 * a new one below `home`.
 */
export async function rehearsed(args: readonly string[], home: string): Promise<string> {
  const atHand = process.env['KUNREN_REHEARSED'];
  if (atHand !== undefined) return atHand;
  const ended = await kunren(['rehearse', ...args], { KUNREN_HOME: `${home}/stages`, KUNREN_RUNS: `${home}/runs` });
  if (ended.code !== 0) throw new Error(ended.stderr);
  return `${home}/runs/latest`;
}
