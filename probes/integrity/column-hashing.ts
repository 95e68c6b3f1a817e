import type { Side } from './side.ts';

/** How a column can be hashed, as its database says. */
export interface ColumnHashing {
  /** Oid of its type, below all domains. */
  readonly baseType: number;
  /** Two values have one hash exactly when their type finds them equal, in every database. */
  readonly hashable: boolean;
  /** This role may read it. */
  readonly readable: boolean;
}

/** By the oid of the table, then by the name of the column. */
export type ColumnsHashing = ReadonlyMap<number, ReadonlyMap<string, ColumnHashing>>;

/**
 * A scalar of Postgres itself with a hash function of its own is hashed as it is. Left out, though Postgres hashes them:
 * arrays, whose hash does not know their dimensions; jsonb, whose hash does not know where an object within ends; enums and
 * reg types, which go by the oid that this database happens to use; types of extensions, and collations that are not
 * deterministic, which find different contents equal; composites and ranges, which may hold any of these.
 */
const COLUMNS = `
  WITH RECURSIVE based AS (
    SELECT a.attrelid, a.attname, a.attcollation, a.atttypid AS type
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
       AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.attrelid, b.attname, b.attcollation, t.typbasetype
      FROM based b JOIN pg_type t ON t.oid = b.type WHERE t.typtype = 'd'
  ), same AS (
    SELECT oid AS type, oid AS held FROM pg_type
    UNION ALL
    SELECT castsource, casttarget FROM pg_cast WHERE castmethod = 'b' AND castcontext = 'i'
  ), hashed AS (
    SELECT DISTINCT s.type
      FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod AND m.amname = 'hash'
      JOIN pg_amproc p ON p.amprocfamily = o.opcfamily AND p.amprocnum = 2
       AND p.amproclefttype = o.opcintype AND p.amprocrighttype = o.opcintype
      JOIN same s ON s.held = o.opcintype
      JOIN pg_type t ON t.oid = s.type
     WHERE o.opcdefault AND t.typtype = 'b' AND t.typnamespace = 'pg_catalog'::regnamespace
       AND t.oid NOT IN ('jsonb'::regtype, 'aclitem'::regtype)
       AND (t.oid = 'oid'::regtype OR o.opcintype <> 'oid'::regtype)
  )
  SELECT b.attrelid::bigint AS oid, b.attname AS name, t.oid::bigint AS type,
         has_column_privilege(b.attrelid, b.attname, 'select') AS readable,
         t.oid IN (SELECT type FROM hashed)
           AND NOT EXISTS (SELECT FROM pg_collation l WHERE l.oid = b.attcollation AND NOT l.collisdeterministic) AS hashable
    FROM based b JOIN pg_type t ON t.oid = b.type WHERE t.typtype <> 'd'`;

/** What is known of every column of the user's tables, in one round trip. */
export async function columnsHashing({ client }: Side): Promise<ColumnsHashing> {
  const { rows } = await client.query<{
    readonly oid: string;
    readonly name: string;
    readonly type: string;
    readonly readable: boolean;
    readonly hashable: boolean;
  }>(COLUMNS);
  const found = new Map<number, Map<string, ColumnHashing>>();
  for (const { oid, name, type, readable, hashable } of rows) {
    const columns = found.get(Number(oid)) ?? new Map<string, ColumnHashing>();
    found.set(Number(oid), columns.set(name, { baseType: Number(type), readable, hashable }));
  }
  return found;
}
