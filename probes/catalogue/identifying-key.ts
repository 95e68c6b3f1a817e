import type { Key, Table } from './catalogue.ts';

/**
 * The key by which a row of the table can be found again: the primary key, else the first unique one that no two rows
 * share, nulls included. A unique key with a nullable column holds any number of rows with a null, so it identifies
 * nothing, unless it was declared NULLS NOT DISTINCT.
 */
export function identifyingKey(table: Table): Key | undefined {
  const mayBeNull = new Set(table.columns.filter((column) => !column.notNull).map((column) => column.name));
  return table.keys.find((key) => key.primary || key.nullsNotDistinct || !key.columns.some((c) => mayBeNull.has(c)));
}
