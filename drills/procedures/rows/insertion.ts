import { quoteColumns, quoteTable, relationOf } from '../../../probes/catalogue/quote.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { differingKeys } from './comparison.ts';
import { type Listed, refuseCount } from './missing-list.ts';
import {
  type KeyText,
  keyedRows,
  keyLiterals,
  keyNames,
  LEFT,
  type RowTable,
  rowDigest,
  selected,
  writableColumns,
} from './row-table.ts';
import { KEY_LENGTH_AT_ONCE, KEYS_AT_ONCE } from './scan.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Rows that one COPY inserts. Within one statement rows may refer to each other in any order. */
const ROWS_AT_ONCE_MAX = 100_000;
/** Their keys are held in memory meanwhile: at most so many characters. */
const KEY_LENGTH_MAX = 4_000_000;

/** How many of the listed rows one COPY inserts, and how many of their keys one statement looks up. */
export async function rowsAtOnce(
  work: Session,
  row: RowTable,
): Promise<{ readonly copied: number; readonly looked: number }> {
  const lengths = keyNames(row).map((name) => `length(${name})`);
  const [found] = await work.query<{ length: number }>(
    `SELECT coalesce(max(${lengths.join(' + ')}), 1)::int AS length FROM ${row.list} WHERE ${LEFT} IS NULL`,
  );
  const atMost = (rows: number, length: number): number =>
    Math.min(rows, Math.ceil(length / Math.max(1, found!.length)));
  return {
    copied: atMost(ROWS_AT_ONCE_MAX, KEY_LENGTH_MAX),
    looked: atMost(KEYS_AT_ONCE, KEY_LENGTH_AT_ONCE),
  };
}

/**
 * Inserts the listed rows of one table and compares each with its original, all inside the transaction. COPY keeps the
 * values of identity columns, fires no rules, and sends the text of each value from server to server as it is.
 */
export async function insertRows(sessions: Sessions, { row }: Listed): Promise<number> {
  const { work } = sessions.target;
  const names = keyNames(row).join(', ');
  const atOnce = await rowsAtOnce(work, row);
  await work.query(`DECLARE kunren_keys NO SCROLL CURSOR FOR SELECT ${names} FROM ${row.list} WHERE ${LEFT} IS NULL`);
  let inserted = 0;
  const originals: Checksum = { rows: 0, sum: 0n };
  for (;;) {
    const batches = await fetchBatches(work, row, atOnce);
    if (batches.length === 0) break;
    const target = `${quoteTable(row.production)} (${quoteColumns(writableColumns(row))})`;
    const count = await work.copyIn(target, contents(sessions, row, batches));
    refuseCount(
      row,
      count,
      batches.reduce((sum, { rows }) => sum + rows, 0),
    );
    inserted += count;
    for (const batch of batches) await compareBatch(sessions, row, batch, originals);
  }
  await work.query('CLOSE kunren_keys');
  if (row.key === undefined) await refuseOtherChecksum(sessions, row, originals);
  return inserted;
}

/** Keys that one statement looks up, as its text: of some hundred thousand keys that takes a tenth of what arrays do. */
interface Batch {
  readonly rows: number;
  readonly literals: readonly string[];
}

async function fetchBatches(
  work: Session,
  row: RowTable,
  { copied, looked }: Awaited<ReturnType<typeof rowsAtOnce>>,
): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let rows = 0; rows < copied; rows += batches.at(-1)!.rows) {
    const wanted = Math.min(looked, copied - rows);
    const keys = (await work.texts(`FETCH ${wanted} FROM kunren_keys`)) as KeyText[];
    if (keys.length === 0) break;
    batches.push({ rows: keys.length, literals: keyLiterals(row, keys) });
  }
  return batches;
}

async function* contents({ source }: Sessions, row: RowTable, batches: readonly Batch[]): AsyncGenerator<Buffer> {
  for (const { literals } of batches) {
    const rows = keyedRows(row, row.restored, literals);
    yield* source.rows.copyOut(`SELECT ${selected('t', writableColumns(row))} FROM ${rows}`);
  }
}

/** Rows with a key are compared with their originals at once, the others all together at the end. */
async function compareBatch(sessions: Sessions, row: RowTable, batch: Batch, originals: Checksum): Promise<void> {
  const { source, target } = sessions;
  const { literals } = batch;
  const restored = checksum(source.rows, row, keyedRows(row, row.restored, literals));
  if (row.key === undefined) {
    const { rows, sum } = await restored;
    originals.rows += rows;
    originals.sum += sum;
    return;
  }
  const production = checksum(target.work, row, keyedRows(row, row.production, literals));
  const [one, other] = await Promise.all([restored, production]);
  const same = one.sum === other.sum && one.rows === batch.rows && other.rows === batch.rows;
  if (!same) await refuseAltered(sessions, row, literals);
}

async function refuseAltered(sessions: Sessions, row: RowTable, literals: readonly string[]): Promise<void> {
  const names = keyNames(row).map((name) => `k.${name}`);
  const keys = await sessions.target.work.texts(
    `SELECT ${names.join(', ')} FROM unnest(${literals.join(', ')}) AS k(${keyNames(row).join(', ')})`,
  );
  const differing = await differingKeys(sessions, row, keys as KeyText[]);
  const first = row.key!.columns.map((name, i) => `${name} = ${differing[0]?.[i]}`).join(', ');
  throw alteredError(
    `rows of ${row.label} as they were: ${differing.length} of ${keys.length} differ, the first with ${first}`,
  );
}

/** A sum over rows that does not depend on their order. */
interface Checksum {
  rows: number;
  /** Of the first 64 bits of each row's digest. */
  sum: bigint;
}

async function checksum(session: Session, row: RowTable, from: string): Promise<Checksum> {
  const bits = `('x' || left(${rowDigest(row, 't')}, 16))::bit(64)::bigint`;
  const [found] = await session.texts(`SELECT count(*)::text, coalesce(sum(${bits}), 0)::text FROM ${from}`);
  return { rows: Number(found![0]), sum: BigInt(found![1]!) };
}

/** Rows without a key are known by the transaction that wrote them. */
async function refuseOtherChecksum({ target }: Sessions, row: RowTable, originals: Checksum): Promise<void> {
  const written = `${relationOf(row.production)} t WHERE xmin = pg_current_xact_id()::xid`;
  const { rows, sum } = await checksum(target.work, row, written);
  if (rows !== originals.rows || sum !== originals.sum) throw alteredError(`the rows of ${row.label} as they were`);
}

const alteredError = (what: string): KunrenError =>
  new KunrenError(
    'rows-altered',
    `Production would not hold ${what}. Nothing was changed.`,
    'compare the two definitions of the table: a generated column or a type may compute something else now.',
  );
