import type { Field } from '../../fixtures/core/fault.ts';
import { dataOf } from '../../fixtures/stages/system-data.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Step } from '../kit/spec.ts';
import { applyRows, planRows } from './rows/recover-rows.ts';
import type { RowsOutcome, RowsPlan, RowsRequest } from './rows/rows-plan.ts';

/**
 * Runbook, scenario 3, step 5: the rows that the restored database has and production lacks are brought back, and only
 * those: users go on writing. Fails when a row had to be left alone: then not all that was deleted is back.
 */
export const bringRowsBack: Step = {
  id: 'rows-back',
  name: { en: 'The deleted rows are back in production', ja: '誤削除されたデータを本番に戻した' },
  async run(field, book) {
    const { table } = dataOf(field.system);
    const request: RowsRequest = {
      from: book.need('restored').url,
      to: field.stage.abilities.databaseUrl ?? '',
      tables: [table],
      limitMs: field.patience.restoreMs,
      signal: field.signal,
    };
    const plan = await planRows(request);
    book.attach(field, 'rows-plan.json', { en: 'Plan of bringing rows back', ja: '行の書き戻し計画' }, plan);
    const outcome = await carryOut(field, request);
    book.attach(field, 'rows-outcome.json', { en: 'Rows brought back', ja: '行の書き戻し結果' }, outcome);
    refuseRefused(outcome);
    const alone = outcome.plan.tables.reduce((sum, one) => sum + one.conflicts + one.orphans, 0);
    const done = outcome.inserted.map(({ table: name, rows }) => `${rows} rows of ${name}`).join(', ') || 'no row';
    if (alone === 0 && outcome.inserted.some(({ rows }) => rows > 0)) return `${done} brought back`;
    throw alone > 0 ? leftAlone(outcome.plan, done, alone) : nothingMissing(table);
  },
};

async function carryOut(field: Field, request: RowsRequest): Promise<RowsOutcome> {
  const region = field.system.regions.primary;
  const intent = { call: 'kunren:recover-rows', region, parameters: { tables: request.tables } };
  return await field.change(intent, () => applyRows(request));
}

function refuseRefused({ plan, applied }: RowsOutcome): void {
  if (applied) return;
  throw new KunrenError(
    'rows-refused',
    plan.refusals.map(({ problem }) => problem).join(' '),
    plan.refusals.map(({ remedy }) => remedy).join(' '),
  );
}

function leftAlone({ tables }: RowsPlan, done: string, count: number): KunrenError {
  const [first] = tables.flatMap((table) => table.leftAlone);
  return new KunrenError(
    'rows-left-alone',
    `${done} brought back; ${count} were left alone, the first since ${first?.reason ?? 'its reason is in rows-plan.json'}.`,
    'decide by rows-plan.json which content is to stand.',
  );
}

const nothingMissing = (table: string): KunrenError =>
  new KunrenError(
    'no-row-missing',
    `The restored database has no row of ${table} that production lacks.`,
    'check the restore time, and that the right database was restored.',
  );
