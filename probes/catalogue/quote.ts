import pg from 'pg';
import type { Table, TableName } from './catalogue.ts';

/** For SQL, whatever letters the name has: `"public"."orders"`. */
export const quoteTable = ({ schema, name }: TableName): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;

/** Columns for a select list or a key: `"id", "we""ird"`. */
export const quoteColumns = (columns: readonly string[]): string =>
  columns.map((c) => pg.escapeIdentifier(c)).join(', ');

/** For a FROM: the table alone, without those that inherit from it; a partitioned one with its partitions. */
export const relationOf = (table: Pick<Table, 'schema' | 'name' | 'kind'>): string =>
  `${table.kind === 'r' ? 'ONLY ' : ''}${quoteTable(table)}`;
