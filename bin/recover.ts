import { outcomeText, planText, refusalLine } from '../drills/procedures/rows/core/plan-text.ts';
import { applyRows, planRows } from '../drills/procedures/rows/recover-rows.ts';
import type { RowsOutcome, RowsPlan } from '../drills/procedures/rows/rows-plan.ts';
import { KunrenError } from '../probes/core/error.ts';
import { EXIT } from './exit.ts';

export interface RecoverRowsFlags {
  readonly from: string;
  readonly to: string;
  readonly table: string[];
  readonly where?: string;
  readonly plan?: true;
  readonly apply?: true;
  readonly json?: true;
}

/** Some rows were left alone: a person must look at them. */
const LEFT_ALONE = 1;

/** Shows or carries out what brings rows back. Resolves to the exit code. */
export async function recoverRows(flags: RecoverRowsFlags): Promise<number> {
  if (flags.plan && flags.apply)
    throw new KunrenError(
      'plan-and-apply',
      '--plan and --apply exclude each other.',
      'give one: --plan shows, --apply does.',
    );
  const interrupt = new AbortController();
  const listener = (): void => interrupt.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, listener);
  const { from, to, table: tables, where } = flags;
  const request = { from, to, tables, ...(where !== undefined && { where }), signal: interrupt.signal };
  try {
    if (!flags.apply) return planned(await planRows(request), flags.json);
    return applied(await applyRows(request), flags.json);
  } catch (error) {
    if (!(error instanceof KunrenError) || error.code !== 'interrupted') throw error;
    process.stderr.write(`kunren: ${error.message}\n`);
    return EXIT.interrupted;
  }
}

function planned(plan: RowsPlan, json: true | undefined): number {
  print(json ? JSON.stringify(plan, null, 2) : planText(plan));
  return codeOf(plan);
}

function applied(outcome: RowsOutcome, json: true | undefined): number {
  print(json ? JSON.stringify(outcome, null, 2) : outcomeText(outcome));
  return codeOf(outcome.plan);
}

function codeOf({ refusals, tables }: RowsPlan): number {
  for (const refusal of refusals) process.stderr.write(`kunren: ${refusalLine(refusal)}\n`);
  if (refusals.length > 0) return EXIT.harness;
  return tables.some(({ conflicts, orphans }) => conflicts + orphans > 0) ? LEFT_ALONE : EXIT.ok;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
