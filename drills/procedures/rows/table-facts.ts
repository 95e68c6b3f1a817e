import type { Table } from '../../../probes/catalogue/catalogue.ts';
import type { UsedType } from './core/drift.ts';
import type { Session } from './session.ts';

/** What the session's role may do with a table. */
export interface Rights {
  readonly usage: boolean;
  readonly select: boolean;
  readonly insert: boolean;
  /** It may lock the table against writers. */
  readonly lock: boolean;
  /** The role is its owner, or a member of it. */
  readonly owner: boolean;
  /** Row-level security would hide rows from this role. */
  readonly rowsHidden: boolean;
}

export async function rightsOn(session: Session, { oid }: Table): Promise<Rights> {
  const [row] = await session.query<Rights & object>(
    `SELECT has_schema_privilege(relnamespace, 'usage') AS usage, has_table_privilege(oid, 'select') AS select,
            has_table_privilege(oid, 'insert') AS insert, has_table_privilege(oid, 'update, delete, truncate') AS lock, pg_has_role(relowner, 'usage') AS owner,
            row_security_active(oid) AS "rowsHidden"
       FROM pg_class WHERE oid = $1`,
    [oid],
  );
  return row!;
}

/** What of a table, or of those below it, lies on other servers, and what of its partitions a recovery empties. Quoted. */
export async function unusualStorage(
  session: Session,
  { oid }: Table,
): Promise<{ readonly foreign: readonly string[]; readonly emptied: readonly string[] }> {
  const rows = await session.query<{ name: string; foreign: boolean }>(
    `WITH RECURSIVE below(oid, own) AS (
       SELECT $1::oid, true
       UNION SELECT c.oid, own AND c.relispartition FROM below JOIN pg_inherits ON inhparent = below.oid JOIN pg_class c ON c.oid = inhrelid
     )
     SELECT format('%I.%I', nspname, relname) AS name, relkind = 'f' AS foreign
       FROM below JOIN pg_class c ON c.oid = below.oid JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind = 'f' OR (own AND relkind = 'r' AND relpersistence = 'u') ORDER BY 1`,
    [oid],
  );
  const [foreign, emptied] = [true, false].map((is) =>
    rows.filter((row) => row.foreign === is).map(({ name }) => name),
  );
  return { foreign: foreign!, emptied: emptied! };
}

/** Whether one of the tables, quoted, holds a row. */
export async function hasRows(session: Session, tables: readonly string[]): Promise<boolean> {
  const [row] = await session.query<{ any: boolean }>(
    `SELECT ${tables.map((table) => `EXISTS (SELECT FROM ONLY ${table})`).join(' OR ')} AS any`,
  );
  return row!.any;
}

/** Only these may hold a temporary table, which the plan needs too. */
export async function mayUseTemporaryTables(session: Session): Promise<boolean> {
  const [row] = await session.query<{ may: boolean }>(
    "SELECT has_database_privilege(current_database(), 'temporary') AS may",
  );
  return row!.may;
}

/** Types that are not built in and of which the table's columns are made, however deep. */
export async function usedTypes(session: Session, { oid }: Table): Promise<UsedType[]> {
  return session.query<UsedType & object>(
    `WITH RECURSIVE used(oid) AS (
       SELECT atttypid FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped
       UNION
       SELECT part.oid FROM used JOIN pg_type t ON t.oid = used.oid CROSS JOIN LATERAL (
         SELECT t.typelem UNION SELECT t.typbasetype
         UNION SELECT rngsubtype FROM pg_range WHERE rngtypid = t.oid
         UNION SELECT atttypid FROM pg_attribute WHERE t.typtype = 'c' AND attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped
       ) part(oid) WHERE part.oid <> 0
     )
     SELECT n.nspname || '.' || t.typname AS name,
            array(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder) AS labels,
            CASE WHEN t.typbasetype = 0 THEN '' ELSE format_type(t.typbasetype, t.typtypmod) END AS base,
            array(SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
                   WHERE t.typtype = 'c' AND attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped ORDER BY attnum) AS attributes
       FROM used JOIN pg_type t ON t.oid = used.oid JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE n.nspname <> 'pg_catalog' ORDER BY 1`,
    [oid],
  );
}

/** Columns of type oid, and of domains over it such as `lo`: they may refer to large objects. */
export async function oidColumns(session: Session, { oid }: Table): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute JOIN pg_type t ON t.oid = atttypid
      WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped AND 'oid'::regtype IN (t.oid, t.typbasetype)`,
    [oid],
  );
  return rows.map(({ name }) => name);
}

/** An index that keeps rows from each other: a unique one, partial or of expressions too, or an exclusion constraint's. */
export interface UniqueIndex {
  readonly name: string;
  /** In SQL, of the table's columns by their bare names, with the index's collation. */
  readonly expressions: readonly string[];
  /** By which the index compares each of them: what is equal to it need not be what `=` finds by the search path. */
  readonly operators: readonly string[];
  readonly predicate: string | null;
  readonly nullsNotDistinct: boolean;
  /** Columns that its expressions and its predicate read. */
  readonly columns: readonly string[];
}

export async function uniqueIndexes(session: Session, { oid }: Table): Promise<UniqueIndex[]> {
  return session.query<UniqueIndex & object>(
    `SELECT r.relname AS name, pg_get_expr(i.indpred, i.indrelid) AS predicate,
            coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS "nullsNotDistinct",
            array(SELECT pg_get_indexdef(i.indexrelid, n, false) || coalesce((SELECT format(' COLLATE %I.%I', s.nspname, c.collname)
                    FROM pg_collation c JOIN pg_namespace s ON s.oid = c.collnamespace WHERE c.oid = (i.indcollation::oid[])[n - 1]), '')
                    FROM generate_series(1, i.indnkeyatts) n ORDER BY n) AS expressions,
            array(SELECT format('OPERATOR(%I.%s)', s.nspname, o.oprname) FROM generate_series(1, i.indnkeyatts) n
                    JOIN pg_opclass p ON p.oid = (i.indclass::oid[])[n - 1]
                    -- The third strategy of a btree is equality.
                    JOIN pg_operator o ON o.oid = coalesce(x.conexclop[n], (SELECT amopopr FROM pg_amop
                      WHERE amopfamily = p.opcfamily AND amopstrategy = 3 AND amoplefttype = p.opcintype AND amoprighttype = p.opcintype))
                    JOIN pg_namespace s ON s.oid = o.oprnamespace ORDER BY n) AS operators,
            array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid AND (a.attnum = ANY (i.indkey::int2[])
                  OR a.attnum IN (SELECT d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                     AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0))
            ) AS columns
       FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
       LEFT JOIN pg_constraint x ON x.conindid = i.indexrelid AND x.conrelid = i.indrelid AND x.conexclop IS NOT NULL
      WHERE i.indrelid = $1 AND (i.indisunique OR i.indisexclusion) AND i.indisvalid ORDER BY i.indisprimary DESC, r.relname`,
    [oid],
  );
}
