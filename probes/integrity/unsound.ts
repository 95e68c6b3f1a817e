import { type FedSequence, type Table, tableLabel } from '../catalogue/catalogue.ts';
import { quoteColumns, quoteTable, relationOf } from '../catalogue/quote.ts';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import type { Side } from './side.ts';

/** int8, int2, int4: what a sequence's values are compared with. */
const INTEGER_TYPES: ReadonlySet<number> = new Set([20, 21, 23]);

/**
 * What is wrong with one database by itself: constraints that no longer hold for all rows, indexes that were left
 * invalid, and sequences whose next value a row already has. In words; empty when it is sound.
 */
export async function findUnsound(side: Side): Promise<string[]> {
  const { tables } = await readCatalogue(side.client);
  const found = tables.flatMap((table) =>
    table.unvalidated.map((name) => `${tableLabel(table)}: constraint ${name} is not validated`),
  );
  found.push(...(await invalidIndexes(side)));
  for (const table of tables) {
    for (const fed of table.sequences) found.push(...(await sequenceBehind(side, table, fed)));
  }
  return found;
}

async function invalidIndexes({ client }: Side): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid ORDER BY 1',
  );
  return rows.map(({ name }) => `index ${name} is invalid`);
}

/** A sequence that would give out a value that a row already has, or one behind it. */
async function sequenceBehind({ client }: Side, table: Table, fed: FedSequence): Promise<string[]> {
  const column = table.columns.find(({ name }) => name === fed.column);
  if (column === undefined || !INTEGER_TYPES.has(column.typeOid)) return [];
  const farthest = fed.increment > 0n ? 'max' : 'min';
  const { rows } = await client.query<{ last: string; called: boolean; value: string | null }>(
    `SELECT s.last_value::text AS last, s.is_called AS called,
            (SELECT ${farthest}(${quoteColumns([fed.column])})::text FROM ${relationOf(table)}) AS value
       FROM ${quoteTable(fed.sequence)} s`,
  );
  const { last, called, value } = rows[0]!;
  if (value === null) return [];
  const ahead = (BigInt(last) - BigInt(value)) * (fed.increment > 0n ? 1n : -1n);
  if (ahead > 0n || (ahead === 0n && called)) return [];
  return [
    `sequence ${tableLabel(fed.sequence)} stands at ${last} and ${tableLabel(table)}.${fed.column} already at ${value}`,
  ];
}
