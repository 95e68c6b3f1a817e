import { type Key, tableLabel } from '../catalogue/catalogue.ts';
import { type KeyedRow, walkKeys } from './core/key-walk.ts';
import { type Fingerprint, fingerprintsByPart, sameFingerprint } from './fingerprint.ts';
import { type HashedTable, type RowHash, type RowIdentity, rowIdentity, rowsOf } from './row-hash.ts';
import { ask, type Side } from './side.ts';

/** Rows that one side has and the other does not: how many, and the keys of the first of them. */
export interface KeyList {
  readonly count: bigint;
  /** `id=5`, `code=A1, year=2025`. None for a table without a key. */
  readonly keys: readonly string[];
}

export interface DifferingRows {
  readonly onlyLeft: KeyList;
  readonly onlyRight: KeyList;
  /** Rows of the same key and other content, the first of them with the columns that differ. */
  readonly differing: { readonly count: bigint; readonly rows: readonly { key: string; columns: readonly string[] }[] };
}

/** A table as one side has it. */
export interface TableSide {
  readonly side: Side;
  readonly hashed: HashedTable;
}

export interface TablePair {
  readonly left: TableSide;
  readonly right: TableSide;
  /** None: a row is known by its whole content. */
  readonly key: Key | undefined;
  readonly hash: RowHash;
}

/** Rows that one FETCH brings: some 200 kB. */
const ROWS_AT_ONCE = 2_000;
/** Into so many parts the rows are divided, of which those that differ are read: 1,200 rows each of five million. */
const PARTS = 4_096;

/**
 * Finds the rows that differ, in the order of the key. Only parts of the table that differ are read; the servers sort
 * them, and they are walked side by side, so that the memory taken here does not grow with the table.
 */
export async function differingRows(pair: TablePair, shownMax: number, signal?: AbortSignal): Promise<DifferingRows> {
  const counts = { 'only-left': 0n, 'only-right': 0n, differing: 0n };
  const shown: { [kind in keyof typeof counts]: KeyedRow['key'][] } = {
    'only-left': [],
    'only-right': [],
    differing: [],
  };
  const parts = await differingParts(pair);
  const { orders } = rowIdentity(pair.key, pair.left.hashed, pair.hash);
  const walk = walkKeys(keyedRows(pair.left, pair, parts, signal), keyedRows(pair.right, pair, parts, signal), orders);
  for await (const finding of walk) {
    if (finding.kind === 'same') continue;
    counts[finding.kind]++;
    if (shown[finding.kind].length < shownMax) shown[finding.kind].push(finding.key);
  }
  const texts = (keys: KeyedRow['key'][]): string[] =>
    pair.key === undefined ? [] : keys.map((key) => keyText(pair.key!, key));
  return {
    onlyLeft: { count: counts['only-left'], keys: texts(shown['only-left']) },
    onlyRight: { count: counts['only-right'], keys: texts(shown['only-right']) },
    differing: { count: counts.differing, rows: await differingColumns(pair, shown.differing) },
  };
}

const keyText = ({ columns }: Key, values: KeyedRow['key']): string =>
  columns.map((name, i) => `${name}=${values[i] ?? 'null'}`).join(', ');

/** Which part a row is in: by its key, so that it is the same on both sides. */
const partOf = ({ texts }: RowIdentity): string =>
  `(hashtextextended(ROW(${texts.join(', ')})::text, 0) & ${PARTS - 1})::int`;

async function differingParts({ left, right, key, hash }: TablePair): Promise<number[]> {
  const byPart = ({ side, hashed }: TableSide): Promise<Map<number, Fingerprint>> =>
    fingerprintsByPart(side, hashed.table, hash, partOf(rowIdentity(key, hashed, hash)));
  const [lefts, rights] = await Promise.all([byPart(left), byPart(right)]);
  return [...new Set([...lefts.keys(), ...rights.keys()])].filter((part) => {
    const [l, r] = [lefts.get(part), rights.get(part)];
    return l === undefined || r === undefined || !sameFingerprint(l, r);
  });
}

async function* keyedRows(
  { side, hashed }: TableSide,
  { key, hash }: TablePair,
  parts: readonly number[],
  signal: AbortSignal | undefined,
): AsyncGenerator<KeyedRow> {
  const about = tableLabel(hashed.table);
  const identity = rowIdentity(key, hashed, hash);
  const where = parts.length === PARTS ? '' : `WHERE ${partOf(identity)} = ANY ('{${parts.join(',')}}'::int[])`;
  await ask(
    side,
    about,
    `DECLARE kunren_rows NO SCROLL CURSOR FOR
     SELECT ${identity.texts.join(', ')}, (${hash.row})::text FROM ${rowsOf(hashed.table)} ${where}
      ORDER BY ${identity.sort.map((expression) => `${expression} NULLS FIRST`).join(', ')}, ${hash.row}`,
  );
  for (;;) {
    signal?.throwIfAborted();
    const rows = await ask<(string | null)[]>(side, about, {
      text: `FETCH ${ROWS_AT_ONCE} FROM kunren_rows`,
      rowMode: 'array',
    });
    for (const row of rows) yield { key: row.slice(0, -1), hash: row.at(-1) ?? '' };
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await ask(side, about, 'CLOSE kunren_rows');
}

/** Of rows that differ, which columns do. */
async function differingColumns(
  pair: TablePair,
  keys: readonly KeyedRow['key'][],
): Promise<{ key: string; columns: string[] }[]> {
  const { key, hash } = pair;
  if (keys.length === 0 || key === undefined) return [];
  const [lefts, rights] = await Promise.all([
    hashesByColumn(pair.left, pair, keys),
    hashesByColumn(pair.right, pair, keys),
  ]);
  const names = [...hash.columns.keys()];
  return keys.map((values) => {
    const [l, r] = [lefts.get(JSON.stringify(values)), rights.get(JSON.stringify(values))];
    return { key: keyText(key, values), columns: names.filter((_, i) => l?.[i] !== r?.[i]) };
  });
}

async function hashesByColumn(
  { side, hashed }: TableSide,
  { key, hash }: TablePair,
  keys: readonly KeyedRow['key'][],
): Promise<Map<string, readonly string[]>> {
  const { texts } = rowIdentity(key, hashed, hash);
  const wanted = texts.map((_, i) => `k.c${i}`);
  const rows = await ask<(string | null)[]>(side, tableLabel(hashed.table), {
    text: `SELECT ${[...wanted, ...[...hash.columns.values()].map((column) => `(${column})::text`)].join(', ')}
             FROM ${rowsOf(hashed.table)}
             JOIN unnest(${texts.map((_, i) => `$${i + 1}::text[]`).join(', ')})
                  AS k(${texts.map((_, i) => `c${i}`).join(', ')})
               ON ROW(${texts.join(', ')})::text = ROW(${wanted.join(', ')})::text`,
    values: texts.map((_, i) => keys.map((values) => values[i] ?? null)),
    rowMode: 'array',
  });
  return new Map(
    rows.map((row) => [JSON.stringify(row.slice(0, texts.length)), row.slice(texts.length) as readonly string[]]),
  );
}
