import pg from 'pg';
import type { TableName } from './catalogue.ts';

/** For SQL, whatever letters the name has: `"public"."orders"`. */
export const quoteTable = ({ schema, name }: TableName): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;

/** Columns for a select list or a key: `"id", "we""ird"`. */
export const quoteColumns = (columns: readonly string[]): string =>
  columns.map((c) => pg.escapeIdentifier(c)).join(', ');
