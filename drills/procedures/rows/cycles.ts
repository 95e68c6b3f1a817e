import { type Catalogue, type Table, tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { insertionOrder, type Reference } from './core/insertion-order.ts';
import { type Listed, listsFor } from './missing-list.ts';
import type { Refusal } from './rows-plan.ts';
import type { Session } from './session.ts';
import type { CycleKey } from './suspension.ts';
import { rightsOn } from './table-facts.ts';

/** The tables in the order in which they are filled, in groups that refer to each other in a circle. */
export function groupsOf(catalogue: Catalogue, all: readonly Listed[]): Listed[][] {
  const references = all.flatMap((child): Reference[] =>
    child.row.production.foreignKeys.flatMap(({ references: name }) =>
      parentsOf(catalogue, all, name).map((parent) => ({ child: child.row.label, parent: parent.row.label })),
    ),
  );
  const byLabel = new Map(all.map((listed) => [listed.row.label, listed]));
  return insertionOrder([...byLabel.keys()], references).map((group) => group.map((label) => byLabel.get(label)!));
}

const parentsOf = (catalogue: Catalogue, all: readonly Listed[], name: { schema: string; name: string }): Listed[] =>
  listsFor(catalogue, all, catalogue.tables.find((table) => table.schema === name.schema && table.name === name.name)!);

/**
 * The foreign keys that no order of insertion satisfies, to be checked at the end of the transaction: those between tables
 * of a circle, and one of a table on itself when its rows are too many for one statement. By label: tables that are filled
 * at all, and whether that takes several statements.
 */
export function cycleKeys(
  catalogue: Catalogue,
  groups: readonly Listed[][],
  filled: ReadonlyMap<string, { readonly several: boolean }>,
): CycleKey[] {
  return groups.flatMap((group) =>
    group.flatMap((child) =>
      child.row.production.foreignKeys
        .filter((key) =>
          parentsOf(catalogue, group, key.references).some(
            (parent) => parent !== child || filled.get(child.row.label)?.several === true,
          ),
        )
        .filter(() => group.some(({ row }) => filled.has(row.label)))
        .map(({ name, deferrable }) => ({
          table: child.row.label,
          constraint: name,
          altered: !deferrable,
          of: child.row.production,
        })),
    ),
  );
}

/** Only the owner may alter a constraint, and only where it was declared. */
export async function cycleRefusals(work: Session, keys: readonly CycleKey[]): Promise<Refusal[]> {
  const found: Refusal[] = [];
  for (const { of, constraint, altered } of keys) {
    if (!altered) continue;
    const table = tableLabel(of);
    const must = `Foreign key ${constraint} of ${table} is part of a cycle and must be made deferrable meanwhile`;
    if (await isDerived(work, of, constraint))
      found.push({
        code: 'key-of-the-whole',
        table,
        problem: `${must}, which can be done for the whole table only, not for a partition.`,
        remedy: 'name the partitioned table with --table instead.',
      });
    else if (!(await rightsOn(work, of)).owner)
      found.push({
        code: 'missing-right',
        table,
        problem: `${must}, and this role is not the table's owner.`,
        remedy: `grant it the role ${of.owner}, or connect as the owner.`,
      });
  }
  return found;
}

/** A partition has it from the table above. */
async function isDerived(work: Session, { oid }: Table, constraint: string): Promise<boolean> {
  const [row] = await work.query<{ derived: boolean }>(
    'SELECT conparentid <> 0 AS derived FROM pg_constraint WHERE conrelid = $1 AND conname = $2',
    [oid, constraint],
  );
  return row?.derived ?? false;
}
