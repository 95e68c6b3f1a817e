import type { Table } from '../../../probes/catalogue/catalogue.ts';
import { quoteColumns } from '../../../probes/catalogue/quote.ts';
import { differingKeys, SHOWN_MAX, sameKeyPairs } from './comparison.ts';
import { unescapedBytes } from './core/copy-text.ts';
import { columnOrder, orderExpression, textOrder } from './core/key-order.ts';
import { type KeyCounts, mergeKeys } from './core/merge-keys.ts';
import { addToList, type Listed } from './missing-list.ts';
import { scanned } from './refusals.ts';
import { type KeyText, keyTexts, type RowTable, rowDigest, rowText } from './row-table.ts';
import type { LeftAlone } from './rows-plan.ts';
import type { Sessions } from './sessions.ts';

/** Keys that one statement looks up: some 100 kB, or so many characters where keys are long. */
export const KEYS_AT_ONCE = 5_000;
export const KEY_LENGTH_AT_ONCE = 500_000;

/** What a walk over the keys of both sides has found. */
export interface ScanResult extends KeyCounts {
  /** Rows on the list: no row of the same key text in production. */
  listed: number;
  /** Rows that production has with other content under the same key. */
  changed: number;
  readonly shown: LeftAlone[];
  /** Of a table without a key: rows of which production has some, yet fewer. */
  repeated: number;
  /** Of rows taken for the same by their transaction, some are not: the walk proves nothing. */
  sampleDiffers: boolean;
}

/** Of rows taken for equal by their transaction, one in so many is compared by its content, besides the first. */
const ROWS_A_SAMPLE = 1_000;

/** Walks the keys of both sides, lists the missing rows, and compares those that were written since. */
export async function scan(sessions: Sessions, listed: Listed, where: string | undefined): Promise<ScanResult> {
  if (listed.byTransaction) {
    const result = await walk(sessions, listed, where, true);
    if (!result.sampleDiffers) return result;
    await sessions.target.work.query(`DELETE FROM ${listed.row.list}`);
  }
  return walk(sessions, listed, where, false);
}

async function walk(
  sessions: Sessions,
  listed: Listed,
  where: string | undefined,
  byTransaction: boolean,
): Promise<ScanResult> {
  const { row } = listed;
  const result: ScanResult = {
    from: 0,
    to: 0,
    extra: 0,
    listed: 0,
    changed: 0,
    shown: [],
    repeated: 0,
    sampleDiffers: false,
  };
  const orders = row.key?.columns.map((name) => columnOrder(typeOf(row, name))) ?? ['bytes' as const];
  const findings = mergeKeys(
    sessions.source.scan.copyOut(keysInOrder(row, row.restored, where, byTransaction)),
    sessions.target.scan.copyOut(keysInOrder(row, row.production, undefined, byTransaction)),
    orders,
    result,
  );
  const missing = new Batch((keys) => addToList(sessions, listed, keys));
  const changed = new Batch((keys) => compareChanged(sessions, row, keys, result));
  const sample = new Batch(async (keys) => {
    result.sampleDiffers ||= (await differingKeys(sessions, row, keys)).length > 0;
  });
  let sampledAt = -ROWS_A_SAMPLE;
  for await (const { kind, key, version, repeated } of findings) {
    if (kind === 'same') {
      if (!byTransaction || result.from - sampledAt < ROWS_A_SAMPLE) continue;
      sampledAt = result.from;
      await sample.add(textsOf(key));
    } else if (row.key === undefined) {
      if (kind === 'changed') continue;
      if (repeated) result.repeated++;
      result.listed++;
      await missing.add([version.toString()]);
    } else if (kind === 'missing') {
      result.listed++;
      await missing.add(textsOf(key));
    } else await changed.add(textsOf(key));
  }
  for (const batch of [missing, changed, sample]) await batch.flush();
  return result;
}

const lengthOf = (key: KeyText): number => key.reduce((sum, text) => sum + text.length, 0);
const textsOf = (key: readonly Buffer[]): string[] => key.map((field) => unescapedBytes(field).toString());
const typeOf = ({ production }: RowTable, name: string): number =>
  production.columns.find((column) => column.name === name)!.typeOid;

/** One line a row: its key, and what changes whenever it is written. */
function keysInOrder(row: RowTable, table: Table, where: string | undefined, byTransaction: boolean): string {
  const alias = quoteColumns([table.name]);
  const condition = where === undefined ? '' : `WHERE (\n${where}\n)`;
  if (row.key === undefined) {
    const text = rowText(row, alias);
    return `SELECT ${text}, ${alias}.ctid::text FROM ${scanned(table)} ${condition} ORDER BY ${textOrder(text)}`;
  }
  const version = byTransaction ? `${alias}.xmin::text` : rowDigest(row, alias);
  const order = row.key.columns.map((name) => orderExpression(`${alias}.${quoteColumns([name])}`, typeOf(row, name)));
  const columns = [...keyTexts(row, alias), version];
  return `SELECT ${columns.join(', ')} FROM ${scanned(table)} ${condition} ORDER BY ${order.join(', ')}`;
}

async function compareChanged(
  sessions: Sessions,
  row: RowTable,
  keys: readonly KeyText[],
  result: ScanResult,
): Promise<void> {
  const differing = await differingKeys(sessions, row, keys);
  result.changed += differing.length;
  const room = SHOWN_MAX - result.shown.length;
  if (room > 0 && differing.length > 0)
    result.shown.push(...(await sameKeyPairs(sessions, row, differing.slice(0, room))));
}

/** Keys that are handed on together. */
class Batch {
  #keys: KeyText[] = [];
  #length = 0;
  readonly #handOn: (keys: readonly KeyText[]) => Promise<void>;

  constructor(handOn: (keys: readonly KeyText[]) => Promise<void>) {
    this.#handOn = handOn;
  }

  async add(key: KeyText): Promise<void> {
    this.#keys.push(key);
    this.#length += lengthOf(key);
    if (this.#keys.length === KEYS_AT_ONCE || this.#length > KEY_LENGTH_AT_ONCE) await this.flush();
  }

  async flush(): Promise<void> {
    const keys = this.#keys;
    this.#keys = [];
    this.#length = 0;
    if (keys.length > 0) await this.#handOn(keys);
  }
}
