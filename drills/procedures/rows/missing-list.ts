import type { Catalogue, FedSequence, ForeignKey, Table } from '../../../probes/catalogue/catalogue.ts';
import { tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { quoteColumns, relationOf } from '../../../probes/catalogue/quote.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { type KeyText, keyedRows, keyLiterals, keyNames, LEFT, type RowTable, selected } from './row-table.ts';
import { ancestorsOf, tableOf } from './scope.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { UniqueIndex } from './table-facts.ts';

// The missing rows are listed in a temporary table of production: their keys, and of their columns just those that its
// constraints look at, so that Postgres itself finds what is in their way. A wide row costs no more than a narrow one.

/** A table with what its list holds. */
export interface Listed {
  readonly row: RowTable;
  /** Columns in the list, as typed in production. */
  readonly columns: readonly string[];
  /** Those whose columns both sides have; another's clash ends the insertion. */
  readonly indexes: readonly UniqueIndex[];
  /** Columns that may refer to large objects. */
  readonly oidColumns: readonly string[];
  /** Sequences that feed its columns, as a partition those of the whole too. */
  readonly sequences: readonly FedSequence[];
  /** Columns by which a row is found in tables of the same inheritance; none: there are no others. */
  readonly familyKey: readonly string[];
  /** A row that both sides hold from the same transaction is taken for the same. */
  readonly byTransaction: boolean;
}

export function listedTable(
  row: RowTable,
  indexes: readonly UniqueIndex[],
  more: Pick<Listed, 'oidColumns' | 'byTransaction' | 'familyKey' | 'sequences'>,
): Listed {
  const known = indexes.filter(({ columns }) => columns.every((name) => row.columns.includes(name)));
  const wanted = new Set([
    ...known.flatMap(({ columns }) => columns),
    ...row.production.foreignKeys.flatMap(({ columns }) => columns),
    ...more.sequences.map(({ column }) => column),
    ...more.familyKey,
  ]);
  return { row, indexes: known, columns: row.columns.filter((name) => wanted.has(name)), ...more };
}

/** In a transaction of its own: a read-only one may fill a temporary table, but not create it. */
export async function createList(work: Session, { row, columns }: Listed): Promise<void> {
  const keys = keyNames(row).map((name) => `NULL::text AS ${name}`);
  const all = [...keys, `NULL::text AS ${LEFT}`, selected('t', columns)].filter((part) => part !== '');
  await work.query(
    `CREATE TEMP TABLE ${row.list.replace('pg_temp.', '')} AS SELECT ${all.join(', ')} FROM ${relationOf(row.production)} t WHERE false`,
  );
}

/** Adds the rows of the keys to the list. */
export async function addToList(
  { source, target }: Sessions,
  { row, columns, oidColumns }: Listed,
  keys: readonly KeyText[],
): Promise<void> {
  const rows = keyedRows(row, row.restored, keyLiterals(row, keys));
  if (oidColumns.length > 0) await refuseLargeObjects(source.rows, row, oidColumns, rows);
  const names = keyNames(row);
  const parts = [...names.map((name) => `k.${name}`), selected('t', columns)].filter((part) => part !== '');
  const into = [...names, quoteColumns(columns)].filter((part) => part !== '').join(', ');
  const count = await target.work.copyIn(
    `${row.list} (${into})`,
    source.rows.copyOut(`SELECT ${parts.join(', ')} FROM ${rows}`),
  );
  refuseCount(row, count, keys.length);
}

/** A key that finds none of its rows again, or two, must never pass unseen. */
export function refuseCount({ label }: RowTable, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new KunrenError(
    'rows-not-found',
    `Of ${wanted} rows of ${label} in the restored database, ${found} were found again by their keys. Nothing was changed.`,
    'check the restored database with REINDEX and amcheck, and restore once more.',
  );
}

async function refuseLargeObjects(
  source: Session,
  { label }: RowTable,
  columns: readonly string[],
  rows: string,
): Promise<void> {
  const values = columns.map((name) => `t.${quoteColumns([name])}::oid`);
  const [row] = await source.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${rows} WHERE EXISTS (SELECT FROM pg_largeobject_metadata m WHERE m.oid IN (${values.join(', ')}))`,
  );
  if (row!.count === 0) return;
  throw new KunrenError(
    'large-objects',
    `Rows of ${label} refer to large objects in ${columns.join(', ')}, which are no rows. Nothing was changed.`,
    'bring them back by pg_dump --large-objects, or leave these rows out with --where.',
  );
}

/** Marks the listed rows that a row of production keeps out of a unique index, or of an exclusion constraint. */
export async function markTaken(work: Session, { row }: Listed, index: UniqueIndex): Promise<number> {
  const taken = await work.query<{ n: number }>(
    `WITH marked AS (UPDATE ${row.list} SET ${LEFT} = $1 WHERE ctid IN (SELECT a.ctid FROM ${pairs(row, index, 'ctid', '')}) RETURNING 1)
     SELECT count(*)::int AS n FROM marked`,
    [`unique ${index.name}`],
  );
  return taken[0]!.n;
}

/** Listed rows `a` beside the rows `b` of production that the index does not suffer beside them. */
export function pairs(
  { list, production }: RowTable,
  index: UniqueIndex,
  ofList: string,
  ofProduction: string,
  marked = false,
): string {
  const expressions = index.expressions.map((expression, i) => `(${expression}) AS "kunren value ${i + 1}"`).join(', ');
  const where = (condition: string): string =>
    [condition, index.predicate]
      .filter(Boolean)
      .map((c) => `(${c})`)
      .join(' AND ') || 'true';
  const mark = marked ? `${LEFT} = 'unique ${index.name.replaceAll("'", "''")}'` : `${LEFT} IS NULL`;
  const side = (columns: string): string => (columns === '' ? expressions : `${columns}, ${expressions}`);
  const match = index.operators.map((operator, i) => {
    const [ours, theirs] = [`a."kunren value ${i + 1}"`, `b."kunren value ${i + 1}"`];
    const equal = `${ours} ${operator} ${theirs}`;
    return index.nullsNotDistinct ? `coalesce(${equal}, ${ours} IS NULL AND ${theirs} IS NULL)` : equal;
  });
  return `(SELECT ${side(ofList)} FROM ${list} WHERE ${where(mark)}) a
     JOIN (SELECT ${side(ofProduction)} FROM ${relationOf(production)} WHERE ${where('')}) b ON ${match.join(' AND ')}`;
}

/**
 * Marks the listed rows that refer to a row which neither production has nor the lists bring, and those that refer to
 * these, until there are no more.
 */
export async function markOrphans(work: Session, catalogue: Catalogue, all: readonly Listed[]): Promise<void> {
  for (let found = 1; found > 0; ) {
    found = 0;
    for (const { row } of all)
      for (const key of row.production.foreignKeys) found += await markOrphansOf(work, catalogue, all, row, key);
  }
}

async function markOrphansOf(
  work: Session,
  catalogue: Catalogue,
  all: readonly Listed[],
  row: RowTable,
  key: ForeignKey,
): Promise<number> {
  const parent = tableOf(catalogue, key.references)!;
  if (!key.columns.every((name) => row.columns.includes(name))) return 0;
  const [own, other] = [key.columns, key.referencedColumns].map((names) => names.map((name) => quoteColumns([name])));
  const match = (alias: string): string => own!.map((name, i) => `${alias}.${other![i]} = s.${name}`).join(' AND ');
  const lists = listsFor(catalogue, all, parent).filter(({ columns }) =>
    key.referencedColumns.every((c) => columns.includes(c)),
  );
  const conditions = [
    `s.${LEFT} IS NULL`,
    ...own!.map((name) => `s.${name} IS NOT NULL`),
    `NOT EXISTS (SELECT FROM ${relationOf(parent)} p WHERE ${match('p')})`,
    ...lists.map(({ row: { list } }) => `NOT EXISTS (SELECT FROM ${list} q WHERE q.${LEFT} IS NULL AND ${match('q')})`),
  ];
  const [marked] = await work.query<{ n: number }>(
    `WITH marked AS (UPDATE ${row.list} s SET ${LEFT} = $1 WHERE ${conditions.join(' AND ')} RETURNING 1)
     SELECT count(*)::int AS n FROM marked`,
    [`parent ${tableLabel(parent)} by ${key.name}`],
  );
  return marked!.n;
}

/** The lists that may bring rows of a table: its own, and those of its partitions. */
export const listsFor = (catalogue: Catalogue, all: readonly Listed[], parent: Table): Listed[] =>
  all.filter(
    ({ row: { production } }) => production.oid === parent.oid || ancestorsOf(catalogue, production).includes(parent),
  );
