import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys, type Finding, type KeyedRow, walkKeys } from './key-walk.ts';

async function* series(rows: readonly KeyedRow[]): AsyncGenerator<KeyedRow> {
  yield* rows;
}

async function findings(left: readonly KeyedRow[], right: readonly KeyedRow[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of walkKeys(series(left), series(right), ['integer'])) found.push(finding);
  return found;
}

test('what was done to a table is what is found', async () => {
  const keys = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 40 });
  const fate = fc.constantFrom('same', 'only-left', 'only-right', 'differing' as const);
  await fc.assert(
    fc.asyncProperty(keys, fc.infiniteStream(fate), async (numbers, fates) => {
      const drawn = numbers.toSorted((a, b) => a - b).map((n) => ({ key: [String(n)], kind: fates.next().value }));
      const left = drawn.filter(({ kind }) => kind !== 'only-right').map(({ key }) => ({ key, hash: '1' }));
      const right = drawn
        .filter(({ kind }) => kind !== 'only-left')
        .map(({ key, kind }) => ({ key, hash: kind === 'differing' ? '2' : '1' }));
      const expected = drawn.map(({ key, kind }) => (kind === 'same' ? { kind } : { kind, key }));
      expect(await findings(left, right)).toEqual(expected);
    }),
  );
});

test.each([
  { a: ['9'], b: ['10'], orders: ['integer'], first: 'a' },
  { a: ['9'], b: ['10'], orders: ['bytes'], first: 'b' },
  { a: ['9007199254740993'], b: ['9007199254740992'], orders: ['integer'], first: 'b' },
  { a: [null], b: [''], orders: ['bytes'], first: 'a' },
  { a: ['Z'], b: ['a'], orders: ['bytes'], first: 'a' },
  { a: ['施設'], b: ['設備'], orders: ['bytes'], first: 'a' },
  // UTF-16 would have it the other way: the second is a surrogate pair.
  { a: ['\uFF01'], b: ['😀'], orders: ['bytes'], first: 'a' },
  { a: ['1', 'b'], b: ['1', 'a'], orders: ['integer', 'bytes'], first: 'b' },
  { a: ['a'], b: ['ab'], orders: ['bytes'], first: 'a' },
] as const)('$a and $b in the order of $orders: $first comes first', ({ a, b, orders, first }) => {
  expect(compareKeys(a, b, orders) < 0).toBe(first === 'a');
  expect(compareKeys(b, a, orders) < 0).toBe(first === 'b');
});
