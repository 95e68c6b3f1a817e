/** What a database holds, as its own catalogue describes it. Plain data, the same for every server version from 14 on. */
export interface Catalogue {
  /** `server_version_num`, e.g. 180004. */
  readonly serverVersion: number;
  readonly database: string;
  /** Ordinary and partitioned tables of the user's schemas, by schema and name. */
  readonly tables: readonly Table[];
}

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

export interface Table extends TableName {
  readonly oid: number;
  /** `r` an ordinary table, `p` a partitioned one. */
  readonly kind: 'r' | 'p';
  readonly owner: string;
  /** The partitioned table that it is a partition of. */
  readonly partitionOf?: TableName;
  /** Tables that it inherits from without being a partition. */
  readonly inherits: readonly TableName[];
  /** Live columns, in their order. */
  readonly columns: readonly Column[];
  /** Primary key first, then the other unique constraints and indexes that hold for every row (no predicate, no expression). */
  readonly keys: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
  /** User triggers only. */
  readonly triggers: readonly Trigger[];
  readonly rules: readonly Rule[];
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** Names of check constraints that were added NOT VALID, and of the foreign keys likewise. */
  readonly unvalidated: readonly string[];
  /** Sequences that feed its columns: owned, identity, or called by a default. */
  readonly sequences: readonly FedSequence[];
}

export interface Column {
  readonly name: string;
  /** `attnum`. */
  readonly number: number;
  /** As `format_type` writes it, e.g. `numeric(12,0)`. */
  readonly type: string;
  readonly typeOid: number;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** `a` always, `d` by default. */
  readonly identity?: 'a' | 'd';
  /** `s` stored, `v` virtual. */
  readonly generated?: 's' | 'v';
}

export interface Key {
  readonly name: string;
  readonly columns: readonly string[];
  readonly primary: boolean;
  readonly nullsNotDistinct: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: TableName;
  readonly referencedColumns: readonly string[];
  readonly deferrable: boolean;
}

export interface Trigger {
  readonly name: string;
  /** `tgenabled`: O origin and local, A always, R replica, D disabled. */
  readonly enabled: 'O' | 'A' | 'R' | 'D';
  readonly timing: 'before' | 'after' | 'instead';
  readonly row: boolean;
  readonly onInsert: boolean;
  readonly onUpdate: boolean;
}

export interface Rule {
  readonly name: string;
  readonly event: 'select' | 'insert' | 'update' | 'delete';
  readonly enabled: 'O' | 'A' | 'R' | 'D';
}

export interface FedSequence {
  readonly sequence: TableName;
  readonly column: string;
  readonly increment: bigint;
}

export const sameTable = (a: TableName, b: TableName): boolean => a.schema === b.schema && a.name === b.name;

/** For people: `public.orders`. Never for SQL, which needs its quotes. */
export const tableLabel = ({ schema, name }: TableName): string => `${schema}.${name}`;
