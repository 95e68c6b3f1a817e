import type { Catalogue, Table } from '../../../probes/catalogue/catalogue.ts';
import { tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { quoteColumns, relationOf } from '../../../probes/catalogue/quote.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { drift } from './core/drift.ts';
import type { RowTable } from './row-table.ts';
import type { Refusal } from './rows-plan.ts';
import { landingPlaces } from './scope.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { firingTriggers } from './suspension.ts';
import { hasRows, mayUseTemporaryTables, type Rights, rightsOn, unusualStorage, usedTypes } from './table-facts.ts';

/** Why the rows of these tables cannot be brought back, all at once, found before any row is looked at. */
export async function refusals(
  sessions: Sessions,
  catalogue: Catalogue,
  rows: readonly RowTable[],
  where: string | undefined,
): Promise<Refusal[]> {
  const found: Refusal[] = [];
  if (!(await mayUseTemporaryTables(sessions.target.work)))
    found.push(
      missingRight(
        undefined,
        `Production's database ${catalogue.database} gives this role no temporary tables`,
        `GRANT TEMPORARY ON DATABASE`,
      ),
    );
  for (const row of rows) {
    found.push(...(await sideRefusals(sessions.source.rows, row, row.restored, 'restored')));
    found.push(...(await sideRefusals(sessions.target.work, row, row.production, 'production')));
    found.push(...(await triggerRefusals(sessions.target.work, catalogue, row)));
    found.push(...(await driftRefusals(sessions, row)));
    found.push(...shapeRefusals(row));
  }
  if (found.length === 0 && where !== undefined)
    for (const row of rows) found.push(...(await whereRefusals(sessions.source.rows, row, where)));
  return found;
}

/** A table without a key is locked against writers, which takes one of these. */
const RIGHT_NAMES: { readonly [right: string]: string } = { lock: 'UPDATE (to lock it)' };

async function sideRefusals(
  session: Session,
  row: RowTable,
  table: Table,
  side: 'restored' | 'production',
): Promise<Refusal[]> {
  const rights = await rightsOn(session, table);
  const place = side === 'restored' ? 'the restored database' : 'production';
  const wanted: (keyof Rights)[] = ['usage', 'select'];
  if (side === 'production') wanted.push('insert', ...(row.key === undefined ? (['lock'] as const) : []));
  const lacking = wanted.filter((right) => !rights[right]).map((right) => RIGHT_NAMES[right] ?? right.toUpperCase());
  const found: Refusal[] = [];
  if (lacking.length > 0)
    found.push(
      missingRight(row.label, `This role lacks ${lacking.join(' and ')} on ${row.label} in ${place}`, `grant it`),
    );
  const { foreign, emptied } = await unusualStorage(session, table);
  if (foreign.length > 0)
    found.push({
      code: 'foreign-table',
      table: row.label,
      problem: `Rows of ${row.label} lie in foreign tables in ${place}: ${foreign.join(', ')}.`,
      remedy: 'name the tables that are not foreign with --table, and restore the others where they are.',
    });
  if (side === 'restored' && lacking.length === 0 && emptied.length > 0 && !(await hasRows(session, emptied)))
    found.push({
      code: 'unlogged',
      table: row.label,
      problem: `${emptied.join(', ')} is unlogged, and empty in the restored database: no backup holds its rows.`,
      remedy: 'bring its rows back from elsewhere.',
    });
  if (rights.rowsHidden)
    found.push({
      code: 'rows-hidden',
      table: row.label,
      problem: `Row-level security may hide rows of ${row.label} from this role in ${place}.`,
      remedy: 'connect as a role with BYPASSRLS, or as the owner where the table does not force it.',
    });
  return found;
}

const missingRight = (table: string | undefined, problem: string, remedy: string): Refusal => ({
  code: 'missing-right',
  ...(table !== undefined && { table }),
  problem: `${problem}.`,
  remedy: `${remedy}, or connect as the owner.`,
});

/** Only the owner may keep a trigger from firing. */
async function triggerRefusals(session: Session, catalogue: Catalogue, row: RowTable): Promise<Refusal[]> {
  const found: Refusal[] = [];
  for (const place of landingPlaces(catalogue, row.production)) {
    const names = firingTriggers(place).map(({ name }) => name);
    if (names.length === 0 || (await rightsOn(session, place)).owner) continue;
    const problem = `${tableLabel(place)} has triggers that would fire (${names.join(', ')}), and this role may not disable them`;
    found.push(missingRight(row.label, problem, `grant it the role ${place.owner}`));
  }
  return found;
}

async function driftRefusals({ source, target }: Sessions, row: RowTable): Promise<Refusal[]> {
  const found = drift(
    { table: row.restored, types: await usedTypes(source.rows, row.restored) },
    { table: row.production, types: await usedTypes(target.work, row.production) },
  );
  return found.map((difference) => ({
    code: 'schema-drift',
    table: row.label,
    problem: `${row.label} has changed since: ${difference}.`,
    remedy: 'bring these rows back by hand, or change production so that they fit.',
  }));
}

/** Shapes of tables in which a row cannot be told from another. */
function shapeRefusals({ label, key, production, restored }: RowTable): Refusal[] {
  if (key === undefined) {
    if (production.kind !== 'p' && restored.kind !== 'p') return [];
    const problem = `${label} is partitioned and has no key: its rows cannot be told apart.`;
    return [{ code: 'no-key', table: label, problem, remedy: 'name its partitions with --table instead.' }];
  }
  const same = restored.keys.some(({ columns }) => columns.join('\0') === key.columns.join('\0'));
  if (same) return [];
  const problem = `${label} has the key (${key.columns.join(', ')}) in production only.`;
  return [{ code: 'schema-drift', table: label, problem, remedy: 'add the same key in the restored database.' }];
}

/** As a prepared statement, so that it can be one condition only. */
async function whereRefusals(session: Session, { label, restored }: RowTable, where: string): Promise<Refusal[]> {
  try {
    await session.query('SAVEPOINT condition');
    await session.query(`SELECT FROM ${scanned(restored)} WHERE (\n${where}\n) LIMIT $1`, [0]);
    return [];
  } catch (error) {
    if (!(error instanceof KunrenError) || error.code === 'connection-lost') throw error;
    await session.query('ROLLBACK TO condition');
    const said = (error.cause as Error).message;
    return [
      {
        code: 'where-unreadable',
        table: label,
        problem: `--where "${where}" is no condition on ${label}: ${said}.`,
        remedy: `write it as after WHERE, with columns of every table that is named; else run once for each table.`,
      },
    ];
  }
}

/** Under its own name, so that a condition may write `orders.status` too. */
export const scanned = (table: Table): string => `${relationOf(table)} AS ${quoteColumns([table.name])}`;
