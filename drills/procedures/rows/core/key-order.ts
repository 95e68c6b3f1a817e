import { unescapedBytes } from './copy-text.ts';

/**
 * How a column of a key is ordered, the same in a server's ORDER BY and here: as an integer, or by the bytes of its text
 * in UTF-8. No collation takes part, since those of two servers may differ.
 */
export type ColumnOrder = 'integer' | 'bytes';

/** int8, int2, int4, oid, by their numbers in pg_type. */
const INTEGER_TYPES: ReadonlySet<number> = new Set([20, 21, 23, 26]);
/** Its own order is that of its text's bytes: an index on it can be used. */
const UUID_TYPE = 2950;

export const columnOrder = (typeOid: number): ColumnOrder => (INTEGER_TYPES.has(typeOid) ? 'integer' : 'bytes');

/** What to order by in SQL, for a column already quoted. */
export const orderExpression = (column: string, typeOid: number): string =>
  INTEGER_TYPES.has(typeOid) || typeOid === UUID_TYPE ? column : textOrder(`${column}::text`);

/** A server may keep its texts in another encoding, whose bytes have another order. */
export const textOrder = (text: string): string => `convert_to(${text}, 'UTF8')`;

/** Below 0: `a` comes first. Both are columns of a line of COPY, none of them null. */
export function compareKeys(a: readonly Buffer[], b: readonly Buffer[], orders: readonly ColumnOrder[]): number {
  for (const [i, order] of orders.entries()) {
    const order1 = order === 'integer' ? compareIntegers(a[i]!, b[i]!) : compareBytes(a[i]!, b[i]!);
    if (order1 !== 0) return order1;
  }
  return 0;
}

const compareBytes = (a: Buffer, b: Buffer): number => Buffer.compare(unescapedBytes(a), unescapedBytes(b));

const MINUS = 0x2d;

/** Of digits without leading zeros: the longer is the greater. */
function compareIntegers(a: Buffer, b: Buffer): number {
  const [aNegative, bNegative] = [a[0] === MINUS, b[0] === MINUS];
  if (aNegative !== bNegative) return aNegative ? -1 : 1;
  const magnitude = a.length - b.length || Buffer.compare(a, b);
  return aNegative ? -magnitude : magnitude;
}
