import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { processesOfHome } from './left-behind.ts';
import { type Ended, kunren, testFolder } from './run-kunren.ts';

/** A command that must be refused in one line. */
export interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly says: RegExp;
  /** Makes the thing wrong, in the case's own folder; gives what the command needs for it. */
  readonly arrange?: (folder: string) => {
    readonly env?: { readonly [name: string]: string };
    readonly program?: string;
  };
  /** What was in KUNREN_HOME before, and stays. */
  readonly stays?: readonly string[];
}

/** Where a command keeps its stages and runs in a folder of the test's own. */
export const envOf = (folder: string) => ({ KUNREN_HOME: join(folder, 'stages'), KUNREN_RUNS: join(folder, 'runs') });

/** Works in a new folder, and removes it. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = testFolder();
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the command, and holds its refusal to the one line, the exit code, and nothing left behind. */
export const expectRefused = ({ args, says, arrange, stays }: Case): Promise<void> =>
  inFolder(async (folder) => {
    const { env: own, program } = arrange?.(folder) ?? {};
    const env = { ...envOf(folder), ...own };
    expectRefusal(await kunren(args, env, program === undefined ? {} : { program }), says);
    expectNothingLeft(env, stays);
  });

/** One line on standard error names what is wrong and the remedy; only progress may stand before it. */
export function expectRefusal({ code, stdout, stderr }: Ended, says: RegExp): void {
  const lines = stderr.trimEnd().split('\n');
  const [, words] = /^kunren: (.*)$/.exec(lines.at(-1) ?? '') ?? [];
  expect(words, stderr).toMatch(says);
  expect(words).toMatch(/ Remedy: .+ \[[a-z-]+\]$/);
  for (const progress of lines.slice(0, -1)) expect(progress).toMatch(/^run \S+: opening stage twin for \S+$/);
  expect(stdout).toBe('');
  expect(code).toBe(3);
}

/** No process, stage or run is left of what ran with this environment. */
export function expectNothingLeft(env: ReturnType<typeof envOf>, stays: readonly string[] = []): void {
  expect(processesOfHome(env.KUNREN_HOME)).toEqual([]);
  expect(existsSync(env.KUNREN_HOME) ? readdirSync(env.KUNREN_HOME) : []).toEqual(stays);
  expect(existsSync(env.KUNREN_RUNS)).toBe(false);
}
