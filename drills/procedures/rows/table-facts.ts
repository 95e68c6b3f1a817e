import type { Table } from '../../../probes/catalogue/catalogue.ts';
import type { UsedType } from './core/drift.ts';
import type { Session } from './session.ts';

/** What the session's role may do with a table. */
export interface Rights {
  readonly usage: boolean;
  readonly select: boolean;
  readonly insert: boolean;
  /** The role is its owner, or a member of it. */
  readonly owner: boolean;
  /** Row-level security would hide rows from this role. */
  readonly rowsHidden: boolean;
}

export async function rightsOn(session: Session, { oid }: Table): Promise<Rights> {
  const [row] = await session.query<Rights & object>(
    `SELECT has_schema_privilege(relnamespace, 'usage') AS usage, has_table_privilege(oid, 'select') AS select,
            has_table_privilege(oid, 'insert') AS insert, pg_has_role(relowner, 'usage') AS owner,
            row_security_active(oid) AS "rowsHidden"
       FROM pg_class WHERE oid = $1`,
    [oid],
  );
  return row!;
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

/** A unique index, those of partial ones and of expressions included. */
export interface UniqueIndex {
  readonly name: string;
  /** In SQL, of the table's columns by their bare names. */
  readonly expressions: readonly string[];
  readonly predicate: string | null;
  readonly nullsNotDistinct: boolean;
  /** Columns that its expressions and its predicate read. */
  readonly columns: readonly string[];
}

export async function uniqueIndexes(session: Session, { oid }: Table): Promise<UniqueIndex[]> {
  return session.query<UniqueIndex & object>(
    `SELECT x.relname AS name, pg_get_expr(i.indpred, i.indrelid) AS predicate,
            coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS "nullsNotDistinct",
            array(SELECT pg_get_indexdef(i.indexrelid, n, false) FROM generate_series(1, i.indnkeyatts) n ORDER BY n) AS expressions,
            array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid AND (a.attnum = ANY (i.indkey::int2[])
                  OR a.attnum IN (SELECT d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                     AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0))
            ) AS columns
       FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid ORDER BY i.indisprimary DESC, x.relname`,
    [oid],
  );
}
