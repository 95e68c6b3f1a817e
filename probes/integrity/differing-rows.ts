import pg from 'pg';
import type { Key, Table } from '../catalogue/catalogue.ts';
import { type KeyedRow, type KeyOrder, walkKeys } from './core/key-walk.ts';
import { type RowHash, rowsOf } from './row-hash.ts';
import type { Side } from './side.ts';

/** Keys that one side has and the other does not: how many, and the first of them. */
export interface KeyList {
  readonly count: bigint;
  /** `id=5`, `code=A1, year=2025`. */
  readonly keys: readonly string[];
}

export interface DifferingRows {
  readonly onlyLeft: KeyList;
  readonly onlyRight: KeyList;
  /** Rows of the same key and other content, the first of them with the columns that differ. */
  readonly differing: { readonly count: bigint; readonly rows: readonly { key: string; columns: readonly string[] }[] };
}

/** A table as both sides have it. */
export interface TablePair {
  readonly left: Table;
  readonly right: Table;
  readonly key: Key;
  readonly hash: RowHash;
}

/** Rows that one FETCH brings: some 200 kB. */
const ROWS_AT_ONCE = 2_000;

/**
 * Finds the keys that differ, in the order of the key. Both tables are sorted by the servers and walked side by side,
 * so that the memory taken here does not grow with them.
 */
export async function differingRows(
  sides: { readonly left: Side; readonly right: Side },
  pair: TablePair,
  shownMax: number,
  signal?: AbortSignal,
): Promise<DifferingRows> {
  const counts = { 'only-left': 0n, 'only-right': 0n, differing: 0n };
  const shown: { [kind in keyof typeof counts]: KeyedRow['key'][] } = {
    'only-left': [],
    'only-right': [],
    differing: [],
  };
  const orders = pair.key.columns.map((name) => orderOf(pair.left, name));
  const walk = walkKeys(
    keyedRows(sides.left, pair.left, pair, orders, signal),
    keyedRows(sides.right, pair.right, pair, orders, signal),
    orders,
  );
  for await (const finding of walk) {
    if (finding.kind === 'same') continue;
    counts[finding.kind]++;
    if (shown[finding.kind].length < shownMax) shown[finding.kind].push(finding.key);
  }
  return {
    onlyLeft: { count: counts['only-left'], keys: shown['only-left'].map((key) => keyText(pair.key, key)) },
    onlyRight: { count: counts['only-right'], keys: shown['only-right'].map((key) => keyText(pair.key, key)) },
    differing: { count: counts.differing, rows: await differingColumns(sides, pair, shown.differing) },
  };
}

/** int8, int2, int4: their texts sort otherwise than they do. */
const INTEGER_TYPES: ReadonlySet<number> = new Set([20, 21, 23]);

const orderOf = (table: Table, name: string): KeyOrder =>
  INTEGER_TYPES.has(table.columns.find((column) => column.name === name)!.typeOid) ? 'integer' : 'bytes';

const textOf = (name: string): string => `t.${pg.escapeIdentifier(name)}::text`;

async function* keyedRows(
  { client }: Side,
  table: Table,
  { key, hash }: TablePair,
  orders: readonly KeyOrder[],
  signal: AbortSignal | undefined,
): AsyncGenerator<KeyedRow> {
  const columns = key.columns.map(textOf);
  const order = key.columns.map((name, i) =>
    orders[i] === 'integer' ? `t.${pg.escapeIdentifier(name)} NULLS FIRST` : `${textOf(name)} COLLATE "C" NULLS FIRST`,
  );
  await client.query(
    `DECLARE kunren_rows NO SCROLL CURSOR FOR
     SELECT ${columns.join(', ')}, ${hash.row}::text FROM ${rowsOf(table)} ORDER BY ${order.join(', ')}`,
  );
  for (;;) {
    signal?.throwIfAborted();
    const { rows } = await client.query<(string | null)[]>({
      text: `FETCH ${ROWS_AT_ONCE} FROM kunren_rows`,
      rowMode: 'array',
    });
    for (const row of rows) yield { key: row.slice(0, -1), hash: row.at(-1) ?? '' };
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await client.query('CLOSE kunren_rows');
}

const keyText = ({ columns }: Key, values: KeyedRow['key']): string =>
  columns.map((name, i) => `${name}=${values[i] ?? 'null'}`).join(', ');

/** By column of rows that differ, which column it is. */
async function differingColumns(
  { left, right }: { readonly left: Side; readonly right: Side },
  pair: TablePair,
  keys: readonly KeyedRow['key'][],
): Promise<{ key: string; columns: string[] }[]> {
  if (keys.length === 0) return [];
  const [lefts, rights] = [
    await hashesByColumn(left, pair.left, pair, keys),
    await hashesByColumn(right, pair.right, pair, keys),
  ];
  const names = [...pair.hash.expressions.keys()];
  return keys.map((key) => {
    const [l, r] = [lefts.get(JSON.stringify(key)), rights.get(JSON.stringify(key))];
    return { key: keyText(pair.key, key), columns: names.filter((_, i) => l?.[i] !== r?.[i]) };
  });
}

async function hashesByColumn(
  { client }: Side,
  table: Table,
  { key, hash }: TablePair,
  keys: readonly KeyedRow['key'][],
): Promise<Map<string, readonly string[]>> {
  const hashes = [...hash.expressions.values()].map((value) => `hash_record_extended(ROW(${value}), 0)::text`);
  const texts = key.columns.map(textOf);
  const parameters = texts.map((_, i) => `$${i + 1}::text[]`);
  const match = texts.map((text, i) => `${text} IS NOT DISTINCT FROM k.c${i}`);
  const { rows } = await client.query<{ key: string; hashes: string[] }>(
    `SELECT json_build_array(${texts.join(', ')})::text AS key, ARRAY[${hashes.join(', ')}] AS hashes
       FROM ${rowsOf(table)} JOIN unnest(${parameters.join(', ')}) AS k(${texts.map((_, i) => `c${i}`).join(', ')})
         ON ${match.join(' AND ')}`,
    texts.map((_, i) => keys.map((values) => values[i] ?? null)),
  );
  return new Map(rows.map((row) => [JSON.stringify(JSON.parse(row.key)), row.hashes]));
}
