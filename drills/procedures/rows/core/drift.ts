import type { Table } from '../../../../probes/catalogue/catalogue.ts';

/** A type that a column is made of, built-in ones left out. Domains, arrays and composites are followed. */
export interface UsedType {
  readonly name: string;
  /** Labels of an enum. */
  readonly labels: readonly string[];
  /** What a domain is over, else empty. */
  readonly base: string;
  /** Attributes of a composite type, each with its type. */
  readonly attributes: readonly string[];
}

/** A table with the types that its columns are made of. */
export interface Shape {
  readonly table: Table;
  readonly types: readonly UsedType[];
}

/**
 * What has changed between the two sides so that restored rows have no place in production, in words; empty when they
 * fit. A column that production added and can fill by itself is no obstacle.
 */
export function drift(restored: Shape, production: Shape): string[] {
  return [...columnDrift(restored.table, production.table), ...typeDrift(restored.types, production.types)];
}

/** Columns of production that the restored rows do not have, and that it fills by itself. */
export const addedColumns = (restored: Table, production: Table): string[] =>
  production.columns.filter(({ name }) => columnOf(restored, name) === undefined).map(({ name }) => name);

const columnOf = (table: Table, name: string) => table.columns.find((column) => column.name === name);

function columnDrift(restored: Table, production: Table): string[] {
  const found: string[] = [];
  for (const { name, type } of restored.columns) {
    const other = columnOf(production, name);
    if (other === undefined) found.push(`column ${name} (${type}) is gone from production`);
    else if (other.type !== type)
      found.push(`column ${name} is ${type} in the restored database and ${other.type} in production`);
  }
  for (const name of addedColumns(restored, production)) {
    const { notNull, hasDefault, identity, generated, type } = columnOf(production, name)!;
    if (notNull && !hasDefault && identity === undefined && generated === undefined)
      found.push(`column ${name} (${type}) is new in production, NOT NULL and without a default`);
  }
  return found;
}

function typeDrift(restored: readonly UsedType[], production: readonly UsedType[]): string[] {
  return restored.flatMap((type) => {
    const other = production.find(({ name }) => name === type.name);
    if (other === undefined) return [`type ${type.name} is not used by production's table`];
    const gone = type.labels.filter((label) => !other.labels.includes(label));
    if (gone.length > 0)
      return [`enum ${type.name} has no label ${gone.map((label) => `'${label}'`).join(', ')} in production`];
    if (type.base !== other.base)
      return [`domain ${type.name} is over ${type.base} and in production over ${other.base}`];
    const [attributes, others] = [type.attributes.join(', '), other.attributes.join(', ')];
    return attributes === others ? [] : [`type ${type.name} is (${attributes}) and in production (${others})`];
  });
}
