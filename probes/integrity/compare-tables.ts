import { sameTable, type Table, type TableName } from '../catalogue/catalogue.ts';
import { identifyingKey } from '../catalogue/identifying-key.ts';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { type DifferingRows, differingRows } from './differing-rows.ts';
import { type Fingerprint, fingerprint, sameFingerprint } from './fingerprint.ts';
import { type Equality, looseColumns, type RowHash, rowHash, unhashableTypes } from './row-hash.ts';
import type { Side } from './side.ts';

/** What two databases hold in one table. */
export interface TableComparison extends DifferingRows {
  readonly table: TableName;
  /** One side has no such table. */
  readonly absentFrom?: 'left' | 'right';
  readonly equality: Equality;
  readonly columnsAsText: readonly string[];
  readonly leftRows: bigint;
  readonly rightRows: bigint;
  /** Every row of either side is on the other too, with the same content. */
  readonly equal: boolean;
  /** False: it has no key, so that which rows differ is not known. */
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

/**
 * Compares tables by the whole of their content: a fingerprint of each, and where those differ, row by row. Columns
 * that only one side has are drift, which `findDrift` tells.
 */
export async function compareTables(
  left: Side,
  right: Side,
  tables: readonly TableName[],
  options: CompareOptions = {},
): Promise<TableComparison[]> {
  const [lefts, rights] = [await readCatalogue(left.client), await readCatalogue(right.client)];
  const named = (all: readonly Table[]): Table[] => all.filter((one) => tables.some((name) => sameTable(one, name)));
  const unhashable = new Set([
    ...(await unhashableTypes(left, named(lefts.tables))),
    ...(await unhashableTypes(right, named(rights.tables))),
  ]);
  const [looseLeft, looseRight] = [await looseColumns(left), await looseColumns(right)];
  const compared: TableComparison[] = [];
  for (const name of tables) {
    options.signal?.throwIfAborted();
    const l = lefts.tables.find((table) => sameTable(table, name));
    const r = rights.tables.find((table) => sameTable(table, name));
    if (l === undefined || r === undefined) {
      compared.push(absent(name, l === undefined ? 'left' : 'right'));
      continue;
    }
    const loose = new Set([...(looseLeft.get(l.oid) ?? []), ...(looseRight.get(r.oid) ?? [])]);
    const hash = rowHash(l, r, { unhashable, loose }, options.exact ?? false);
    compared.push(await compareOne({ left, right }, { left: l, right: r, hash }, options));
  }
  return compared;
}

async function compareOne(
  sides: { readonly left: Side; readonly right: Side },
  pair: { readonly left: Table; readonly right: Table; readonly hash: RowHash },
  { keysShown = KEYS_SHOWN_DEFAULT, signal }: CompareOptions,
): Promise<TableComparison> {
  const [leftPrint, rightPrint] = await Promise.all([
    fingerprint(sides.left, pair.left, pair.hash),
    fingerprint(sides.right, pair.right, pair.hash),
  ]);
  const { schema, name } = pair.left;
  const key = identifyingKey(pair.right);
  const keyed = key?.columns.every((column) => pair.left.columns.some((other) => other.name === column)) ?? false;
  const equal = sameFingerprint(leftPrint, rightPrint);
  const rows =
    equal || !keyed || key === undefined ? NONE : await differingRows(sides, { ...pair, key }, keysShown, signal);
  return { table: { schema, name }, ...told(pair.hash, leftPrint, rightPrint), equal, keyed, ...rows };
}

const told = ({ equality, columnsAsText }: RowHash, left: Fingerprint, right: Fingerprint) => ({
  ...{ equality, columnsAsText, leftRows: left.rows, rightRows: right.rows },
});

const NONE: DifferingRows = {
  onlyLeft: { count: 0n, keys: [] },
  onlyRight: { count: 0n, keys: [] },
  differing: { count: 0n, rows: [] },
};

const absent = (table: TableName, absentFrom: 'left' | 'right'): TableComparison => ({
  ...{ table, absentFrom, equality: 'typed', columnsAsText: [], leftRows: 0n, rightRows: 0n },
  ...{ equal: false, keyed: false, ...NONE },
});
