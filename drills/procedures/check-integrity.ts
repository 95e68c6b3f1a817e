import type { Field } from '../../fixtures/core/fault.ts';
import { dataOf } from '../../fixtures/stages/system-data.ts';
import { tableLabel } from '../../probes/catalogue/catalogue.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { compareTables, type TableComparison } from '../../probes/integrity/compare-tables.ts';
import { type Explained, explainDifferences } from '../../probes/integrity/core/differences.ts';
import { type Drift, driftText, findDrift } from '../../probes/integrity/drift.ts';
import { wholeTables, withSides } from '../../probes/integrity/side.ts';
import { findUnsound } from '../../probes/integrity/unsound.ts';
import type { Attachment } from '../../reports/core/evidence.ts';
import type { Step } from '../kit/spec.ts';
import type { Book } from './book.ts';
import { fewerThanCounted } from './count-rows.ts';

/** Runbook, scenario 3, step 4: the restored database holds what production holds, and the deleted rows besides. */
export const checkRestoredData: Step = {
  id: 'restored-data',
  name: { en: 'The restored data is checked against production', ja: '復元されたデータを本番と照合した' },
  async run(field, book) {
    const { table } = dataOf(field.system);
    const looked = await look(field, book, BEFORE_MERGE, table);
    const deleted = looked.comparisons.find((one) => tableLabel(one.table) === table)?.onlyLeft.count ?? 0n;
    refuseUnintended(looked);
    if (deleted > 0n) return `${deleted} deleted rows of ${table} are there; ${summary(looked)}`;
    throw new KunrenError(
      'nothing-restored',
      `It holds no row of ${table} that production lacks.`,
      'check the restore time.',
    );
  },
};

/** Runbook, scenario 3, step 6: after the merge nothing is missing, nothing is altered, and production is sound. */
export const checkIntegrity: Step = {
  id: 'integrity',
  name: { en: 'The integrity of the data is checked', ja: 'データ整合性を確認した' },
  run: async (field, book) => {
    const looked = await look(field, book, AT_THE_END);
    refuseUnintended(looked);
    return summary(looked);
  },
};

/** Runbook, drills 1 and 2: the restored database differs from production only by what was written since. */
export const checkDifference: Step = {
  ...checkIntegrity,
  name: { en: 'The difference in the data is checked', ja: 'データ差分を確認した' },
};

const BEFORE_MERGE: Attachment = {
  file: 'restored-data.json',
  title: { en: 'Comparison before the rows are back', ja: '書き戻し前の照合結果' },
};
const AT_THE_END: Attachment = {
  file: 'integrity.json',
  title: { en: 'Comparison at the end', ja: '最終の照合結果' },
};

interface Looked {
  readonly comparisons: readonly TableComparison[];
  readonly explained: Explained;
  readonly drift: readonly Drift[];
  readonly unsound: readonly string[];
  /** Tables that lack rows which were counted before. */
  readonly fewer: readonly string[];
}

/** Compares every table, and keeps the whole of what was found beside the evidence. */
async function look(field: Field, book: Book, { file, title }: Attachment, deletedFrom?: string): Promise<Looked> {
  const { table, volatile } = dataOf(field.system);
  const left = { url: book.need('restored').url, name: 'restored' };
  const right = { url: field.stage.abilities.databaseUrl ?? '', name: 'production' };
  const looked = await withSides(
    { left, right },
    async (restored, production): Promise<Looked> => {
      const { signal } = field;
      // What either side has: a table that was not restored is no less missing.
      const tables = [...(await wholeTables(restored)), ...(await wholeTables(production))];
      const names = [...new Map(tables.map(({ schema, name }) => [`${schema}.${name}`, { schema, name }])).values()];
      const comparisons = await compareTables(restored, production, names, { signal });
      refuseWithout(table, comparisons);
      const explained = explainDifferences(comparisons, { volatile, ...(deletedFrom && { deletedFrom }) });
      const drift = await findDrift(restored, production);
      return {
        comparisons,
        explained,
        drift,
        unsound: [...(await findUnsound(restored)), ...(await findUnsound(production))],
        fewer: await fewerThanCounted(book, restored, comparisons, volatile),
      };
    },
    field.signal,
  );
  book.attach(field, file, title, looked);
  return looked;
}

/** A comparison that does not even see the table it is about, shows nothing. */
function refuseWithout(table: string, comparisons: readonly TableComparison[]): void {
  if (comparisons.some((one) => tableLabel(one.table) === table)) return;
  throw new KunrenError(
    'table-missing',
    `Neither database shows a table ${table} among the ${comparisons.length} that were compared.`,
    'correct data.table in the config.',
  );
}

function refuseUnintended({ explained, drift, unsound, fewer }: Looked): void {
  const wrong = [...fewer, ...explained.unintended, ...drift.map(driftText), ...unsound];
  if (wrong.length === 0) return;
  const [first, ...others] = wrong;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  throw new KunrenError('data-differs', `${first}${more}.`, 'the whole list lies beside the evidence.');
}

function summary({ comparisons, explained }: Looked): string {
  const asText = comparisons.flatMap(({ table, columnsAsText }) =>
    columnsAsText.map((name) => `${table.name}.${name}`),
  );
  const equality = asText.length === 0 ? 'typed equality' : `typed equality, as text ${asText.join(', ')}`;
  const equal = comparisons.filter((one) => one.equal).length;
  const since = explained.intended.length === 0 ? '' : `; intended: ${explained.intended.join('; ')}`;
  return `${equal} of ${comparisons.length} tables are equal (${equality})${since}`;
}
