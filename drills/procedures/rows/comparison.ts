import { quoteColumns } from '../../../probes/catalogue/quote.ts';
import { type Listed, pairs } from './missing-list.ts';
import {
  type KeyText,
  keyedRows,
  keyNames,
  keyParameters,
  keyValues,
  LEFT,
  type RowTable,
  rowDigest,
} from './row-table.ts';
import type { LeftAlone, RowText } from './rows-plan.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { UniqueIndex } from './table-facts.ts';

/** At most this many of the rows left alone are shown for a table; all are counted. */
export const SHOWN_MAX = 20;
/** Characters of a value that are shown. */
const VALUE_LENGTH_MAX = 200;

/** The digest of each row that is found, by its key's text. */
async function digests(
  session: Session,
  row: RowTable,
  side: 'restored' | 'production',
  keys: readonly KeyText[],
): Promise<Map<string, string>> {
  const names = keyNames(row).map((name) => `k.${name}`);
  const rows = await session.texts(
    `SELECT ${names.join(', ')}, ${rowDigest(row, 't')} FROM ${keyedRows(row, row[side], keyParameters(row))}`,
    keyValues(row, keys),
  );
  return new Map(rows.map((texts) => [texts.slice(0, -1).join('\0'), texts.at(-1)!]));
}

/** Of the keys, those whose rows do not have the same content on both sides, byte for byte. */
export async function differingKeys(
  { source, target }: Sessions,
  row: RowTable,
  keys: readonly KeyText[],
): Promise<KeyText[]> {
  if (keys.length === 0) return [];
  const [restored, production] = await Promise.all([
    digests(source.rows, row, 'restored', keys),
    digests(target.work, row, 'production', keys),
  ]);
  return keys.filter((key) => {
    const digest = restored.get(key.join('\0'));
    return digest === undefined || digest !== production.get(key.join('\0'));
  });
}

/** Rows of both sides under the same keys. */
export async function sameKeyPairs(
  { source, target }: Sessions,
  row: RowTable,
  keys: readonly KeyText[],
): Promise<LeftAlone[]> {
  const restored = await shownRows(source.rows, row, 'restored', keys);
  const production = await shownRows(target.work, row, 'production', keys);
  return keys.map((key) => {
    const other = production.get(key.join('\0'));
    const reason = `production has other content under the same key (${row.key?.columns.join(', ')})`;
    return {
      why: 'same-key',
      reason,
      restored: restored.get(key.join('\0')) ?? {},
      ...(other !== undefined && { production: other }),
    };
  });
}

/** The first listed rows that were marked, each with the row that is in its way. */
export async function markedRows({ source, target }: Sessions, listed: Listed, shownMax: number): Promise<LeftAlone[]> {
  const { row, indexes } = listed;
  const names = keyNames(row);
  const marked = await target.work.texts(
    `SELECT ${names.join(', ')}, ${LEFT} FROM ${row.list} WHERE ${LEFT} IS NOT NULL AND ${LEFT} <> 'same' LIMIT $1`,
    [shownMax],
  );
  const keys = marked.map((texts) => texts.slice(0, -1) as string[]);
  const restored = await shownRows(source.rows, row, 'restored', keys);
  const found: LeftAlone[] = [];
  for (const [i, key] of keys.entries()) {
    const mark = marked[i]!.at(-1)!;
    const own = restored.get(key.join('\0')) ?? {};
    const index = indexes.find(({ name }) => mark === `unique ${name}`);
    if (mark.startsWith('moved ')) {
      const reason = `production has its ${listed.familyKey.join(', ')} in ${mark.slice('moved '.length)}, of the same inheritance: it may have moved there`;
      found.push({ why: 'other-table', reason, restored: own });
    } else if (index === undefined) {
      const [, parent, constraint] = /^parent (.*) by (.*)$/s.exec(mark)!;
      const reason = `it refers to a row of ${parent} (${constraint}) that production does not have: add --table ${parent}`;
      found.push({ why: 'no-parent', reason, restored: own });
    } else {
      const production = await inTheWay(target.work, listed, index, key);
      const why = index.columns.join('\0') === row.key?.columns.join('\0') ? 'same-key' : 'other-unique';
      const reason =
        why === 'same-key'
          ? `production has other content under the same key (${index.name})`
          : `another row of production is in its way in ${index.name}`;
      found.push({ why, reason, restored: own, ...(production !== undefined && { production }) });
    }
  }
  return found;
}

/** A value as it is shown, in SQL. */
const shownValue = (column: string): string =>
  `CASE WHEN length(${column}::text) > ${VALUE_LENGTH_MAX}
        THEN left(${column}::text, ${VALUE_LENGTH_MAX}) || '… (' || length(${column}::text) || ' characters)' ELSE ${column}::text END`;

const textOf = (columns: readonly string[], values: readonly (string | null)[]): RowText =>
  Object.fromEntries(columns.map((name, i) => [name, values[i]!]));

async function shownRows(
  session: Session,
  row: RowTable,
  side: 'restored' | 'production',
  keys: readonly KeyText[],
): Promise<Map<string, RowText>> {
  if (keys.length === 0) return new Map();
  const names = keyNames(row);
  const values = row.columns.map((name) => shownValue(`t.${quoteColumns([name])}`));
  const rows = await session.texts(
    `SELECT ${[...names.map((name) => `k.${name}`), ...values].join(', ')} FROM ${keyedRows(row, row[side], keyParameters(row))}`,
    keyValues(row, keys),
  );
  return new Map(
    rows.map((texts) => [texts.slice(0, names.length).join('\0'), textOf(row.columns, texts.slice(names.length))]),
  );
}

/** The row of production that takes the place of a listed one in a unique index. */
async function inTheWay(
  work: Session,
  { row }: Listed,
  index: UniqueIndex,
  key: KeyText,
): Promise<RowText | undefined> {
  const names = keyNames(row);
  const shown = row.columns.map((name, i) => `${shownValue(quoteColumns([name]))} AS "kunren shown ${i + 1}"`);
  const wanted = row.columns.map((_, i) => `b."kunren shown ${i + 1}"`);
  const conditions = names.map((name, i) => `a.${name} = $${i + 1}`);
  const [texts] = await work.texts(
    `SELECT ${wanted.join(', ')} FROM ${pairs(row, index, names.join(', '), shown.join(', '), true)} WHERE ${conditions.join(' AND ')} LIMIT 1`,
    key,
  );
  return texts && textOf(row.columns, texts);
}
