import { fileURLToPath } from 'node:url';
import { machineClock } from '../probes/clock.ts';
import { KunrenError } from '../probes/core/error.ts';
import { run } from './bench-client.ts';

/** What a child process does: bring rows back, or tell what differs. */
export type Work = 'recover' | 'compare';

/** What it prints. */
export interface Done {
  /** Brought back, or found to differ. */
  readonly rows: number;
  /** Resident memory at its highest, and by how much it grew by the work. Linux only. */
  readonly memory?: { readonly peakBytes: number; readonly grownBytes: number };
}

export interface Timed extends Done {
  /** From the start of the process to its end. */
  readonly tookMs: number;
}

/** As bin/kunren.js starts `recover`, and vitest.config.ts the drills. */
const SMALL_HEAP = '--max-semi-space-size=4';
const CHILD = fileURLToPath(new URL('bench-data-child.ts', import.meta.url));

/** The harness at work on a table of two databases; it must come to `rows`. */
export async function harness(
  work: Work,
  urls: readonly [from: string, to: string],
  table: string,
  rows: number,
): Promise<Timed> {
  const { output, tookMs } = await timed(process.execPath, [SMALL_HEAP, CHILD, work, ...urls, table]);
  const done = JSON.parse(output) as Done;
  if (done.rows !== rows) throw miscounted(`${work} of ${table}`, done.rows, rows);
  return { ...done, tookMs };
}

/** Runs a program to its end. */
export async function timed(program: string, args: readonly string[]): Promise<{ output: string; tookMs: number }> {
  const fromMs = machineClock.nowMs();
  const output = await run(program, args);
  if (output === undefined)
    throw new KunrenError('bench-client-absent', `There is no program ${program}.`, 'give the folder that has it.');
  return { output, tookMs: machineClock.nowMs() - fromMs };
}

/** A contender that did something else was not measured. */
export const miscounted = (what: string, found: number, expected: number): KunrenError =>
  new KunrenError('bench-miscounted', `${what}: ${found} rows, not ${expected}.`, 'find out why.');

/** The middle one of three or more. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
