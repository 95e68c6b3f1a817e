import { fieldsOf } from './copy-text.ts';
import { type ColumnOrder, compareKeys } from './key-order.ts';

/** What is told of a row of `from`. */
export interface KeyFinding {
  /**
   * `missing`: no row of that key in `to`; `changed`: the same key, another version; `same`: the last of a run of rows that
   * are equal, as a sample of them.
   */
  readonly kind: 'missing' | 'changed' | 'same';
  /** The key's columns, escaped as in COPY. */
  readonly key: readonly Buffer[];
  /** What stands after the key. */
  readonly version: Buffer;
  /** Missing, yet a row of the same key was found: there are fewer of them in `to`. */
  readonly repeated: boolean;
}

/** How many rows went by. Filled while the differences are read. */
export interface KeyCounts {
  from: number;
  to: number;
  /** In `to` only. */
  extra: number;
}

/**
 * Walks two streams of COPY side by side, both of lines `key…<tab>version` in ascending order of their keys, and yields
 * what `to` lacks or holds in another version, and a sample of the rest. Memory does not grow with the streams: lines that are equal byte for byte,
 * nearly all of them, are not even taken apart.
 */
export async function* mergeKeys(
  from: AsyncIterable<Buffer>,
  to: AsyncIterable<Buffer>,
  orders: readonly ColumnOrder[],
  counts: KeyCounts,
): AsyncGenerator<KeyFinding> {
  const [a, b] = [new Lines(from, 'restored', orders), new Lines(to, 'production', orders)];
  let matched: readonly Buffer[] | undefined;
  for (;;) {
    const [aReady, bReady] = [await a.fill(), await b.fill()];
    if (!aReady) break;
    if (bReady) {
      const equal = skipEqual(a, b);
      counts.from += equal.lines;
      counts.to += equal.lines;
      if (equal.last !== undefined) {
        matched = equal.last.slice(0, orders.length);
        yield { kind: 'same', key: matched, version: equal.last.at(-1)!, repeated: false };
        continue;
      }
    }
    const fields = a.fields();
    const order = bReady ? compareKeys(fields, b.fields(), orders) : -1;
    if (order > 0) {
      b.drop();
      counts.to++;
      counts.extra++;
      continue;
    }
    const [key, version] = [fields.slice(0, orders.length), fields.at(-1)!];
    a.drop();
    counts.from++;
    if (order === 0) {
      b.drop();
      counts.to++;
      matched = key;
      yield { kind: 'changed', key, version, repeated: false };
    } else {
      const repeated = matched !== undefined && compareKeys(key, matched, orders) === 0;
      yield { kind: 'missing', key, version, repeated };
    }
  }
  while (await b.fill()) {
    counts.extra++;
    counts.to++;
    b.drop();
  }
}

/** Passes the whole lines at the head of both that are equal, byte by byte. */
function skipEqual(a: Lines, b: Lines): { lines: number; last?: readonly Buffer[] } {
  const length = Math.min(a.data.length - a.at, b.data.length - b.at);
  let [lines, end, lastBegin] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const byte = a.data[a.at + i];
    if (byte !== b.data[b.at + i]) break;
    if (byte === NEWLINE) {
      lines++;
      lastBegin = end;
      end = i + 1;
    }
  }
  if (lines === 0) return { lines };
  const last = fieldsOf(a.data.subarray(a.at + lastBegin, a.at + end - 1));
  a.pass(end, last);
  b.pass(end, last);
  return { lines, last };
}

const NEWLINE = 0x0a;

/** A stream of bytes, read line by line. */
class Lines {
  data: Buffer = Buffer.alloc(0);
  at = 0;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #side: string;
  readonly #orders: readonly ColumnOrder[];
  #before: readonly Buffer[] | undefined;

  constructor(chunks: AsyncIterable<Buffer>, side: string, orders: readonly ColumnOrder[]) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#side = side;
    this.#orders = orders;
  }

  /** False when there is no further line. */
  async fill(): Promise<boolean> {
    let searchedTo = this.at;
    while (this.data.indexOf(NEWLINE, searchedTo) === -1) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      const rest = this.data.subarray(this.at);
      searchedTo = rest.length;
      this.data = rest.length === 0 ? value : Buffer.concat([rest, value]);
      this.at = 0;
    }
    return true;
  }

  fields(): Buffer[] {
    return fieldsOf(this.data.subarray(this.at, this.#end()));
  }

  /** Passes one line, having looked that it does not come before the one passed last. */
  drop(): void {
    const fields = this.fields();
    // Out of order, a row that is there would be taken for missing.
    if (this.#before !== undefined && compareKeys(this.#before, fields, this.#orders) > 0)
      throw new Error(`the ${this.#side} rows are not in the order that was asked for`);
    this.pass(this.#end() + 1 - this.at, fields);
  }

  pass(bytes: number, last: readonly Buffer[]): void {
    this.at += bytes;
    this.#before = last;
  }

  #end(): number {
    return this.data.indexOf(NEWLINE, this.at);
  }
}
