import { type Catalogue, sameTable, type Table, tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { identifyingKey } from '../../../probes/catalogue/identifying-key.ts';
import { quoteColumns, relationOf } from '../../../probes/catalogue/quote.ts';
import type { Listed } from './missing-list.ts';
import { LEFT, type RowTable } from './row-table.ts';
import type { Refusal } from './rows-plan.ts';
import type { Session } from './session.ts';

// Tables that inherit from each other, partitions aside: each has rows and keys of its own, and a query of the parent
// shows the rows of all.

/** All that inherit from the table, however far below. */
export function heirsOf(catalogue: Catalogue, table: Table): Table[] {
  const heirs = catalogue.tables.filter(({ inherits }) => inherits.some((name) => sameTable(name, table)));
  return heirs.flatMap((heir) => [heir, ...heirsOf(catalogue, heir)]);
}

const parentsOf = (catalogue: Catalogue, { inherits }: Table): Table[] =>
  catalogue.tables.filter((table) => inherits.some((name) => sameTable(name, table)));

const rootsOf = (catalogue: Catalogue, table: Table): Table[] => {
  const parents = parentsOf(catalogue, table);
  return parents.length === 0 ? [table] : parents.flatMap((parent) => rootsOf(catalogue, parent));
};

/** Heirs that only the restored database has: their rows would be passed over as if there were none. */
export function lostHeirs(restored: Catalogue, rows: readonly RowTable[]): Refusal[] {
  return rows.flatMap((row) =>
    heirsOf(restored, row.restored)
      .filter((heir) => !rows.some((other) => other.restored === heir))
      .map((heir) => ({
        code: 'heir-missing',
        table: row.label,
        problem: `${tableLabel(heir)} inherits from ${row.label} in the restored database and not in production: its rows would be passed over.`,
        remedy: 'create it in production as it was, or bring its rows back by hand.',
      })),
  );
}

/** Columns that find a row of the table among all that inherit from each other with it; none where it is alone. */
export function familyKey(catalogue: Catalogue, { production }: RowTable): readonly string[] {
  const [root] = rootsOf(catalogue, production);
  if (root === undefined || heirsOf(catalogue, root).length === 0) return [];
  return identifyingKey(root)?.columns ?? identifyingKey(production)?.columns ?? [];
}

/** Marks the listed rows whose key production has in another table of the family: a row moved is not a row deleted. */
export async function markMoved(work: Session, catalogue: Catalogue, { row, familyKey: key }: Listed): Promise<void> {
  if (key.length === 0 || !key.every((name) => row.columns.includes(name))) return;
  const roots = rootsOf(catalogue, row.production);
  const family = new Set(roots.flatMap((root) => [root, ...heirsOf(catalogue, root)]));
  const match = key.map((name) => `o.${quoteColumns([name])} = l.${quoteColumns([name])}`).join(' AND ');
  for (const other of family) {
    if (other === row.production || !key.every((name) => other.columns.some((column) => column.name === name)))
      continue;
    await work.query(
      `UPDATE ${row.list} l SET ${LEFT} = $1 WHERE ${LEFT} IS NULL AND EXISTS (SELECT FROM ${relationOf(other)} o WHERE ${match})`,
      [`moved ${tableLabel(other)}`],
    );
  }
}
