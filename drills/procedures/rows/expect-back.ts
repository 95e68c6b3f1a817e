// For contract tests.
import { expect } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { applyRows, planRows } from './recover-rows.ts';
import type { RowsOutcome } from './rows-plan.ts';
import { contentsOf, type Pair } from './two-databases.ts';

/** Destroys rows, brings them back, and expects all tables to be as they were; then expects nothing more to do. */
export async function expectBack(pair: Pair, tables: readonly string[], destroy: string): Promise<RowsOutcome> {
  const before = await contentsOf(pair.to);
  await run(pair.to, [destroy]);
  expect(await contentsOf(pair.to)).not.toEqual(before);
  const plan = await planRows({ ...pair, tables });
  const outcome = await applyRows({ ...pair, tables });
  expect(plan).toEqual(outcome.plan);
  expect(plan.refusals).toEqual([]);
  expect(outcome.applied).toBe(true);
  expect(await contentsOf(pair.to)).toEqual(before);
  await expectNothingToDo(pair, tables);
  return outcome;
}

export async function expectNothingToDo(pair: Pair, tables: readonly string[]): Promise<void> {
  const before = await contentsOf(pair.to);
  expect(await applyRows({ ...pair, tables })).toMatchObject({ applied: true, inserted: [] });
  expect(await contentsOf(pair.to)).toEqual(before);
}
