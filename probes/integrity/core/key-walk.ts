/** One row on its way: the texts of its key, null where it is null, and the hash of its content. */
export interface KeyedRow {
  readonly key: readonly (string | null)[];
  readonly hash: string;
}

export type Finding =
  | { readonly kind: 'only-left' | 'only-right' | 'differing'; readonly key: KeyedRow['key'] }
  | { readonly kind: 'same' };

/** How the values of one column of a key are ordered: as integers, or by the bytes of their text. */
export type KeyOrder = 'integer' | 'bytes';

/** Walks two series of rows, each in ascending order of its key, nulls first, and tells what each key comes to. */
export async function* walkKeys(
  left: AsyncIterable<KeyedRow>,
  right: AsyncIterable<KeyedRow>,
  orders: readonly KeyOrder[],
): AsyncGenerator<Finding> {
  const lefts = left[Symbol.asyncIterator]();
  const rights = right[Symbol.asyncIterator]();
  let [l, r] = [await lefts.next(), await rights.next()];
  while (!l.done || !r.done) {
    const order = l.done ? 1 : r.done ? -1 : compareKeys(l.value.key, r.value.key, orders);
    if (order < 0) {
      yield { kind: 'only-left', key: (l.value as KeyedRow).key };
      l = await lefts.next();
    } else if (order > 0) {
      yield { kind: 'only-right', key: (r.value as KeyedRow).key };
      r = await rights.next();
    } else {
      const key = (l.value as KeyedRow).key;
      yield (l.value as KeyedRow).hash === (r.value as KeyedRow).hash ? { kind: 'same' } : { kind: 'differing', key };
      [l, r] = [await lefts.next(), await rights.next()];
    }
  }
}

/** Negative when `a` comes first. */
export function compareKeys(a: KeyedRow['key'], b: KeyedRow['key'], orders: readonly KeyOrder[]): number {
  for (const [i, order] of orders.entries()) {
    const compared = compareValues(a[i] ?? null, b[i] ?? null, order);
    if (compared !== 0) return compared;
  }
  return 0;
}

const encoder = new TextEncoder();

function compareValues(a: string | null, b: string | null, order: KeyOrder): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (order === 'integer') return BigInt(a) < BigInt(b) ? -1 : 1;
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return left.length - right.length;
}
