import type { Field } from '../../fixtures/core/fault.ts';
import { tableLabel } from '../../probes/catalogue/catalogue.ts';
import { readCatalogue } from '../../probes/catalogue/read-catalogue.ts';
import type { TableComparison } from '../../probes/integrity/compare-tables.ts';
import { type KnownRows, knownRows, rowsLacking } from '../../probes/integrity/known-rows.ts';
import { PINNED, type Side, wholeTables } from '../../probes/integrity/side.ts';
import { askDatabase } from '../../probes/sql-connection.ts';
import type { Step } from '../kit/spec.ts';
import type { Book } from './book.ts';

/** Which rows the tables held, by their labels, before anything was done to them. */
export interface RowCounts {
  /** On this machine's wall clock; a state of before it may hold fewer. */
  readonly countedAt: Date;
  readonly known: ReadonlyMap<string, KnownRows>;
}

/**
 * Counts the rows of every table, and keeps what they are found by again. Afterwards production alone cannot tell: a row
 * that it has and the restored database lacks may have been written since, and one that both lack may have been deleted
 * by mistake and not been restored. Nor does the count alone: as many may have been written since.
 */
export const countRows: Step = {
  id: 'rows-counted',
  name: { en: 'The rows are counted beforehand', ja: '事前に行数を数えた' },
  async run(field, book) {
    const known = await countAll(field);
    book.counted = { countedAt: new Date(), known };
    const all = [...known.values()].reduce((sum, { rows }) => sum + rows, 0n);
    return `${all} rows in ${known.size} tables`;
  },
};

/** In words, the tables that lack rows after the restore that were counted before; volatile ones may. */
export async function fewerThanCounted(
  { counted, restoredState }: Pick<Book, 'counted' | 'restoredState'>,
  restored: Side,
  comparisons: readonly TableComparison[],
  volatile: readonly string[],
): Promise<string[]> {
  if (counted === undefined || restoredState === undefined || restoredState < counted.countedAt) return [];
  const rowsNow = new Map(comparisons.map((one) => [tableLabel(one.table), one.leftRows]));
  const tables = await wholeTables(restored);
  const fewer: string[] = [];
  for (const [label, before] of counted.known) {
    if (volatile.includes(label)) continue;
    const after = rowsNow.get(label) ?? 0n;
    const lacking = await rowsLacking(restored, tables, before);
    if (after < before.rows) fewer.push(`${label}: ${after} rows restored, and ${before.rows} were counted before`);
    else if (lacking > 0) {
      fewer.push(`${label}: of the ${before.rows} rows that were counted before, at least ${lacking} are not restored`);
    }
  }
  return fewer;
}

function countAll({ stage, patience }: Field): Promise<Map<string, KnownRows>> {
  return askDatabase(stage.abilities.databaseUrl ?? '', patience.manualMs, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(PINNED);
    const known = new Map<string, KnownRows>();
    const { tables } = await readCatalogue(client);
    // A partition's rows are its parent's.
    for (const table of tables.filter(({ partitionOf }) => partitionOf === undefined)) {
      known.set(tableLabel(table), await knownRows(client, table));
    }
    return known;
  });
}
