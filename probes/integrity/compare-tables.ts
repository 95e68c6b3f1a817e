import { type Catalogue, type Key, sameTable, type TableName, tableLabel } from '../catalogue/catalogue.ts';
import { identifyingKey } from '../catalogue/identifying-key.ts';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { KunrenError } from '../core/error.ts';
import { type ColumnsHashing, columnsHashing } from './column-hashing.ts';
import { type DifferingRows, differingRows, type TableSide } from './differing-rows.ts';
import { fingerprint, sameFingerprint } from './fingerprint.ts';
import { type Equality, type HashedTable, rowHash } from './row-hash.ts';
import type { Side } from './side.ts';

/** What two databases hold in one table. */
export interface TableComparison extends DifferingRows {
  readonly table: TableName;
  /** One side has no such table. */
  readonly absentFrom?: 'left' | 'right';
  /** Columns that one side lacks, if any: nothing of them was compared. */
  readonly columnsOnlyLeft?: readonly string[];
  readonly columnsOnlyRight?: readonly string[];
  readonly equality: Equality;
  readonly columnsAsText: readonly string[];
  readonly leftRows: bigint;
  readonly rightRows: bigint;
  /** Both have the same columns, and every row of either side is on the other too, with the same content. */
  readonly equal: boolean;
  /** False: it has no key on both sides, so that a row that was changed counts as one of each side only. */
  readonly keyed: boolean;
}

export interface CompareOptions {
  /** Compare every value as text, digit by digit. */
  readonly exact?: boolean;
  /** How many keys of each kind are listed. */
  readonly keysShown?: number;
  readonly signal?: AbortSignal;
}

const KEYS_SHOWN_DEFAULT = 10;

/** Compares tables by the whole of their content: a fingerprint of each, and where those differ, row by row. */
export async function compareTables(
  left: Side,
  right: Side,
  tables: readonly TableName[],
  options: CompareOptions = {},
): Promise<TableComparison[]> {
  const [lefts, rights] = await Promise.all([describe(left), describe(right)]);
  const compared: TableComparison[] = [];
  for (const name of tables) {
    options.signal?.throwIfAborted();
    const [l, r] = [tableOf(lefts, name), tableOf(rights, name)];
    compared.push(
      l === undefined || r === undefined
        ? absent(name, l === undefined ? 'left' : 'right')
        : await compareOne({ side: left, hashed: l }, { side: right, hashed: r }, options),
    );
  }
  return compared;
}

interface Described {
  readonly catalogue: Catalogue;
  readonly columns: ColumnsHashing;
}

const describe = async (side: Side): Promise<Described> => ({
  catalogue: await readCatalogue(side.client),
  columns: await columnsHashing(side),
});

function tableOf({ catalogue, columns }: Described, name: TableName): HashedTable | undefined {
  const table = catalogue.tables.find((one) => sameTable(one, name));
  return table && { table, hashing: columns.get(table.oid) ?? new Map() };
}

async function compareOne(
  left: TableSide,
  right: TableSide,
  { exact = false, keysShown = KEYS_SHOWN_DEFAULT, signal }: CompareOptions,
): Promise<TableComparison> {
  for (const one of [left, right]) refuseUnreadable(one);
  const hash = rowHash(left.hashed, right.hashed, exact);
  const [leftPrint, rightPrint] = await Promise.all(
    [left, right].map(({ side, hashed }) => fingerprint(side, hashed.table, hash)),
  );
  const sameRows = sameFingerprint(leftPrint!, rightPrint!);
  const key = commonKey(left.hashed, right.hashed);
  const [columnsOnlyLeft, columnsOnlyRight] = [columnsBeyond(left, right), columnsBeyond(right, left)];
  const { schema, name } = left.hashed.table;
  return {
    table: { schema, name },
    ...(columnsOnlyLeft.length > 0 && { columnsOnlyLeft }),
    ...(columnsOnlyRight.length > 0 && { columnsOnlyRight }),
    ...{ equality: hash.equality, columnsAsText: hash.columnsAsText },
    ...{ leftRows: leftPrint!.rows, rightRows: rightPrint!.rows },
    equal: sameRows && columnsOnlyLeft.length === 0 && columnsOnlyRight.length === 0,
    keyed: key !== undefined,
    ...(sameRows ? NONE : await differingRows({ left, right, key, hash }, keysShown, signal)),
  };
}

/** Postgres names the table only. */
function refuseUnreadable({ side, hashed: { table, hashing } }: TableSide): void {
  const hidden = table.columns.filter(({ name }) => hashing.get(name)?.readable !== true).map(({ name }) => name);
  if (hidden.length === 0) return;
  throw new KunrenError(
    'table-unreadable',
    `${tableLabel(table)} cannot be read whole in the ${side.name} database: this role may not read ${hidden.join(', ')}.`,
    'grant SELECT on it to this role, or connect as the owner.',
  );
}

/** A key of the right side whose columns are a key of the left one too, and have the same types. */
function commonKey({ table: left }: HashedTable, { table: right }: HashedTable): Key | undefined {
  const key = identifyingKey(right);
  const typeOf = (table: typeof left, name: string) => table.columns.find((column) => column.name === name)?.type;
  const isCommon =
    key?.columns.every((name) => typeOf(left, name) === typeOf(right, name)) &&
    left.keys.some(({ columns }) => [...columns].sort().join('\0') === [...key.columns].sort().join('\0'));
  return isCommon ? key : undefined;
}

const columnsBeyond = ({ hashed: own }: TableSide, { hashed: other }: TableSide): string[] =>
  own.table.columns
    .map(({ name }) => name)
    .filter((name) => !other.table.columns.some((column) => column.name === name));

const NONE: DifferingRows = {
  onlyLeft: { count: 0n, keys: [] },
  onlyRight: { count: 0n, keys: [] },
  differing: { count: 0n, rows: [] },
};

const absent = (table: TableName, absentFrom: 'left' | 'right'): TableComparison => ({
  ...{ table, absentFrom, equality: 'typed', columnsAsText: [], leftRows: 0n, rightRows: 0n },
  ...{ equal: false, keyed: false, ...NONE },
});
