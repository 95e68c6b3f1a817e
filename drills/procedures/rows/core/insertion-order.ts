/** One table refers to another of those asked for. */
export interface Reference {
  readonly child: string;
  readonly parent: string;
}

/**
 * Tables in the order in which they can be filled, parents first; those that refer to each other in a circle stand in one
 * group (Tarjan's strongly connected components). A table that refers to itself is no circle: one statement fills it.
 */
export function insertionOrder(tables: readonly string[], references: readonly Reference[]): string[][] {
  const seen = new Map<string, { index: number; low: number; open: boolean }>();
  const path: string[] = [];
  const groups: string[][] = [];

  const visit = (table: string): { index: number; low: number; open: boolean } => {
    const own = { index: seen.size, low: seen.size, open: true };
    seen.set(table, own);
    path.push(table);
    for (const { child, parent } of references) {
      if (child !== table) continue;
      const other = seen.get(parent) ?? visit(parent);
      if (other.open) own.low = Math.min(own.low, other.low);
    }
    if (own.low === own.index) {
      const group = path.splice(path.indexOf(table));
      for (const member of group) seen.get(member)!.open = false;
      groups.push(group);
    }
    return own;
  };
  for (const table of tables) if (!seen.has(table)) visit(table);
  return groups;
}
