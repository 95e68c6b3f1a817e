import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ColumnOrder, compareKeys } from './key-order.ts';
import { type KeyCounts, mergeKeys } from './merge-keys.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Lines `key/version`, parted by blanks. */
const stream = (drawing: string, size = 3): AsyncGenerator<Buffer> =>
  inPieces(
    drawing
      .split(' ')
      .filter(Boolean)
      .map((line) => `${line.replaceAll('/', '\t')}\n`)
      .join(''),
    size,
  );

async function differences(from: AsyncIterable<Buffer>, to: AsyncIterable<Buffer>, orders: readonly ColumnOrder[]) {
  const counts: KeyCounts = { from: 0, to: 0, extra: 0 };
  const found: string[] = [];
  for await (const { kind, key, repeated } of mergeKeys(from, to, orders, counts))
    if (kind !== 'same') found.push(`${kind} ${key.join('/')}${repeated ? ' again' : ''}`);
  return { found, ...counts };
}

test.each([
  { from: '', to: '', found: [], extra: 0 },
  { from: '1/x 2/x', to: '1/x 2/x', found: [], extra: 0 },
  { from: '1/x 2/x 3/x', to: '1/x 3/x', found: ['missing 2'], extra: 0 },
  { from: '1/x 2/x', to: '', found: ['missing 1', 'missing 2'], extra: 0 },
  { from: '', to: '1/x 2/x', found: [], extra: 2 },
  { from: '1/x 2/x', to: '1/y 2/x 9/x', found: ['changed 1'], extra: 1 },
  { from: '-10/x -9/x 9/x 10/x', to: '-9/x 10/x', found: ['missing -10', 'missing 9'], extra: 0 },
  { from: '5/x 5/x 5/x', to: '5/x', found: ['missing 5 again', 'missing 5 again'], extra: 0 },
  { from: '5/x 5/x', to: '', found: ['missing 5', 'missing 5'], extra: 0 },
  { from: '5/x', to: '5/x 5/x', found: [], extra: 1 },
])('from "$from" to "$to": $found', async ({ from, to, found, extra }) => {
  const seen = await differences(stream(from), stream(to), ['integer']);
  expect(seen).toMatchObject({ found, extra });
  expect(seen.from).toBe(from.split(' ').filter(Boolean).length);
  expect(seen.to).toBe(to.split(' ').filter(Boolean).length);
});

test('a stream out of order is an error, never a finding', async () => {
  await expect(differences(stream('2/x 1/x'), stream('7/x'), ['integer'])).rejects.toThrow(/restored rows are not in/);
});

// What is invented: which of a set of keys are on which side, and in which version. Found must be just that.
test('every row that one side lacks or has in another version is found, however the bytes are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\t', '\n', '\\', '注', 'b', '"'), maxLength: 4 });
  const row = fc.record({
    number: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    text,
    in: fc.constantFrom('both', 'both', 'from', 'to', 'changed'),
  });
  const rows = fc.uniqueArray(row, { selector: (r) => `${r.number} ${r.text}`, maxLength: 40 });
  const escaped = (value: string): string =>
    value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
  const orders: ColumnOrder[] = ['integer', 'bytes'];
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (truth, size) => {
      const key = (r: { number: bigint; text: string }): Buffer[] =>
        [String(r.number), escaped(r.text)].map((t) => Buffer.from(t));
      // By the values themselves, not by their escaped text.
      const sorted = truth.toSorted((a, b) =>
        a.number === b.number ? Buffer.compare(Buffer.from(a.text), Buffer.from(b.text)) : a.number < b.number ? -1 : 1,
      );
      for (const [i, r] of sorted.entries())
        if (i > 0) expect(compareKeys(key(sorted[i - 1]!), key(r), orders)).toBeLessThan(0);
      const lines = (sides: string[], changed: string): string =>
        sorted
          .filter((r) => sides.includes(r.in))
          .map((r) => `${key(r).join('\t')}\t${r.in === 'changed' ? changed : 'v'}\n`)
          .join('');
      const seen = await differences(
        inPieces(lines(['both', 'from', 'changed'], 'v'), size),
        inPieces(lines(['both', 'to', 'changed'], 'w'), 7),
        orders,
      );
      const wanted = sorted.filter((r) => r.in === 'from' || r.in === 'changed');
      expect(seen.found).toEqual(wanted.map((r) => `${r.in === 'from' ? 'missing' : 'changed'} ${key(r).join('/')}`));
      expect(seen.extra).toBe(sorted.filter((r) => r.in === 'to').length);
    }),
  );
});
