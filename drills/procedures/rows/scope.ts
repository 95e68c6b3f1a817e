import {
  type Catalogue,
  sameTable,
  type Table,
  type TableName,
  tableLabel,
} from '../../../probes/catalogue/catalogue.ts';
import { findTable } from '../../../probes/catalogue/find-table.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { heirsOf } from './inheritance.ts';
import type { Session } from './session.ts';

/**
 * The tables that were asked for, each once. One that others inherit from brings those with it, since its rows may lie in
 * them; a partitioned one has its partitions in itself, so they are not listed again.
 */
export async function tablesAsked(
  production: Session,
  catalogue: Catalogue,
  restored: Catalogue,
  names: readonly string[],
): Promise<Table[]> {
  const found: Table[] = [];
  for (const name of names) {
    const named = await tableNamed(production, catalogue, name);
    // An heir that is new in production has no rows to bring back.
    const heirs = heirsOf(catalogue, named).filter((heir) => tableOf(restored, heir) !== undefined);
    for (const table of [named, ...heirs]) if (!found.includes(table)) found.push(table);
  }
  return found.filter((table) => !ancestorsOf(catalogue, table).some((root) => found.includes(root)));
}

/** Partitioned tables above it, the nearest first. */
export function ancestorsOf(catalogue: Catalogue, table: Table): Table[] {
  const above = table.partitionOf && tableOf(catalogue, table.partitionOf);
  return above === undefined ? [] : [above, ...ancestorsOf(catalogue, above)];
}

/** Where rows inserted into the table may land: itself, and every partition below it. */
export const landingPlaces = (catalogue: Catalogue, table: Table): Table[] =>
  catalogue.tables.filter((other) => other === table || ancestorsOf(catalogue, other).includes(table));

export const tableOf = (catalogue: Catalogue, name: TableName): Table | undefined =>
  catalogue.tables.find((table) => sameTable(table, name));

/** By `relkind`. */
const KINDS: { readonly [kind: string]: string } = {
  v: 'a view',
  m: 'a materialized view',
  f: 'a foreign table',
  S: 'a sequence',
  i: 'an index',
};

async function tableNamed(production: Session, catalogue: Catalogue, name: string): Promise<Table> {
  try {
    return findTable(catalogue, name);
  } catch (error) {
    if (!(error instanceof KunrenError) || error.code !== 'table-missing') throw error;
    const [row] = await production.query<{ kind: string }>(
      `SELECT relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE $1::text IN (relname::text, nspname || '.' || relname, quote_ident(relname), quote_ident(nspname) || '.' || quote_ident(relname))`,
      [name],
    );
    const kind = KINDS[row?.kind ?? ''];
    if (kind === undefined) throw error;
    throw new KunrenError(
      'not-a-table',
      `${name} is ${kind}: it holds no rows of its own here.`,
      'name the tables that hold its rows.',
    );
  }
}

/** The restored database's table of the same name. */
export function counterpart(catalogue: Catalogue, table: Table): Table {
  const found = tableOf(catalogue, table);
  if (found !== undefined) return found;
  throw new KunrenError(
    'table-missing',
    `The restored database ${catalogue.database} has no table ${tableLabel(table)}.`,
    'look whether it is the right database, restored to a time at which the table was there.',
  );
}
