import type { Catalogue, Table, Trigger } from '../../../probes/catalogue/catalogue.ts';
import { tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { quoteColumns, quoteTable } from '../../../probes/catalogue/quote.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import type { RowTable } from './row-table.ts';
import type { DeferredKey, TableLock } from './rows-plan.ts';
import { landingPlaces } from './scope.ts';
import type { Session } from './session.ts';

/** What must rest while rows are inserted: triggers, and the moment at which foreign keys of cycles are checked. */
export interface Suspension {
  readonly triggers: readonly { readonly table: Table; readonly trigger: Trigger }[];
  readonly keys: readonly CycleKey[];
}

/** A foreign key between tables of a cycle. */
export interface CycleKey extends DeferredKey {
  readonly of: Table;
}

/** User triggers that an insert would fire in an ordinary session. */
export const firingTriggers = ({ triggers }: Table): Trigger[] =>
  triggers.filter(({ enabled, onInsert }) => onInsert && (enabled === 'O' || enabled === 'A'));

export const suspensionOf = (
  catalogue: Catalogue,
  rows: readonly RowTable[],
  keys: readonly CycleKey[],
): Suspension => ({
  triggers: rows.flatMap(({ production }) =>
    landingPlaces(catalogue, production).flatMap((table) =>
      firingTriggers(table).map((trigger) => ({ table, trigger })),
    ),
  ),
  keys,
});

/** Beside the ROW EXCLUSIVE that every insert takes. */
export function locksOf({ triggers, keys }: Suspension, rows: readonly RowTable[]): TableLock[] {
  const locks = new Map<string, TableLock>();
  const add = (table: string, mode: string, why: string): void => {
    if (!locks.has(table)) locks.set(table, { table, mode, why });
  };
  for (const { of, altered } of keys)
    if (altered)
      add(
        tableLabel(of),
        'ACCESS EXCLUSIVE',
        'a foreign key of a cycle is made deferrable: nobody reads or writes it meanwhile',
      );
  for (const { table } of triggers)
    add(tableLabel(table), 'SHARE ROW EXCLUSIVE', 'its triggers are disabled: nobody else writes it meanwhile');
  for (const { key, label } of rows)
    if (key === undefined) add(label, 'SHARE ROW EXCLUSIVE', 'it has no key: nobody else writes it meanwhile');
  return [...locks.values()];
}

/** Inside the transaction, before the first insert. */
export async function suspend(session: Session, { triggers, keys }: Suspension): Promise<void> {
  for (const { of, constraint, altered } of keys)
    if (altered)
      await session.query(
        `ALTER TABLE ${quoteTable(of)} ALTER CONSTRAINT ${quoteColumns([constraint])} DEFERRABLE INITIALLY DEFERRED`,
      );
  // All of them: a name may be that of several constraints of the schema, one of them not deferrable.
  if (keys.some(({ altered }) => !altered)) await session.query('SET CONSTRAINTS ALL DEFERRED');
  for (const { table, trigger } of triggers)
    await session.query(`ALTER TABLE ONLY ${quoteTable(table)} DISABLE TRIGGER ${quoteColumns([trigger.name])}`);
}

/** Checks every foreign key that was put off, and puts everything back as it was. */
export async function resume(session: Session, { triggers, keys }: Suspension): Promise<void> {
  // A table with checks still to come cannot be altered.
  await session.query('SET CONSTRAINTS ALL IMMEDIATE');
  for (const { of, constraint, altered } of keys)
    if (altered)
      await session.query(
        `ALTER TABLE ${quoteTable(of)} ALTER CONSTRAINT ${quoteColumns([constraint])} NOT DEFERRABLE`,
      );
  for (const { table, trigger } of triggers) {
    const mode = trigger.enabled === 'A' ? 'ENABLE ALWAYS' : 'ENABLE';
    await session.query(`ALTER TABLE ONLY ${quoteTable(table)} ${mode} TRIGGER ${quoteColumns([trigger.name])}`);
  }
}

/** The tables as they stand in the transaction must be those that the plan was made of. */
export function refuseChanged(before: readonly Table[], after: Catalogue): void {
  const text = (table: Table | undefined): string =>
    JSON.stringify(table, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  for (const table of before) {
    if (text(table) === text(after.tables.find(({ oid }) => oid === table.oid))) continue;
    throw new KunrenError(
      'target-changed',
      `Table ${tableLabel(table)} of production was altered meanwhile. Nothing was changed.`,
      'run the same command again: it plans anew.',
    );
  }
}
