import type { Field } from '../../fixtures/core/fault.ts';
import { tableLabel } from '../../probes/catalogue/catalogue.ts';
import { relationOf } from '../../probes/catalogue/quote.ts';
import { readCatalogue } from '../../probes/catalogue/read-catalogue.ts';
import type { TableComparison } from '../../probes/integrity/compare-tables.ts';
import { askDatabase } from '../../probes/sql-connection.ts';
import type { Step } from '../kit/spec.ts';
import type { Book } from './book.ts';

/** How many rows the tables held, by their labels, before anything was done to them. */
export interface RowCounts {
  /** On this machine's wall clock; a state of before it may hold fewer. */
  readonly countedAt: Date;
  readonly rows: ReadonlyMap<string, bigint>;
}

/**
 * Counts the rows of every table. Afterwards production alone cannot tell: a row that it has and the restored database
 * lacks may have been written since, and one that both lack may have been deleted by mistake and not been restored.
 */
export const countRows: Step = {
  id: 'rows-counted',
  name: { en: 'The rows are counted beforehand', ja: '事前に行数を数えた' },
  async run(field, book) {
    const rows = await countAll(field);
    book.counted = { countedAt: new Date(), rows };
    const all = [...rows.values()].reduce((sum, count) => sum + count, 0n);
    return `${all} rows in ${rows.size} tables`;
  },
};

/** In words, the tables that hold fewer rows after the restore than were counted before; volatile ones may. */
export function fewerThanCounted(
  { counted, restoredState }: Pick<Book, 'counted' | 'restoredState'>,
  comparisons: readonly TableComparison[],
  volatile: readonly string[],
): string[] {
  if (counted === undefined || restoredState === undefined || restoredState < counted.countedAt) return [];
  const restored = new Map(comparisons.map((one) => [tableLabel(one.table), one.leftRows]));
  return [...counted.rows].flatMap(([label, before]) => {
    const after = restored.get(label) ?? 0n;
    return after >= before || volatile.includes(label)
      ? []
      : [`${label}: ${after} rows restored, and ${before} were counted before`];
  });
}

function countAll({ stage, patience }: Field): Promise<Map<string, bigint>> {
  return askDatabase(stage.abilities.databaseUrl ?? '', patience.manualMs, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const counts = new Map<string, bigint>();
    const { tables } = await readCatalogue(client);
    // A partition's rows are its parent's.
    for (const table of tables.filter(({ partitionOf }) => partitionOf === undefined)) {
      const { rows } = await client.query<{ count: string }>(
        `SELECT count(*)::text AS count FROM ${relationOf(table)}`,
      );
      counts.set(tableLabel(table), BigInt(rows[0]!.count));
    }
    return counts;
  });
}
