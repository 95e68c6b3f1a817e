import { expect, test } from 'vitest';
import type { TableComparison } from '../compare-tables.ts';
import { explainDifferences } from './differences.ts';

const NONE = { count: 0n, keys: [] };
const orders: TableComparison = {
  table: { schema: 'public', name: 'orders' },
  ...{ equality: 'typed', columnsAsText: [], leftRows: 5n, rightRows: 5n, equal: false, keyed: true },
  ...{ onlyLeft: NONE, onlyRight: NONE, differing: { count: 0n, rows: [] } },
};
const deleted = { count: 12n, keys: ['id=1', 'id=2'] };
const written = { count: 3n, keys: ['id=7', 'id=8', 'id=9'] };
const changed = { count: 1n, rows: [{ key: 'id=4', columns: ['status', 'note'] }] };

test.each<{ what: string; found: Partial<TableComparison>; unintended: string[]; intended: string[] }>([
  { what: 'equal', found: { equal: true }, unintended: [], intended: [] },
  {
    what: 'rows written since',
    found: { onlyRight: written },
    unintended: [],
    intended: ['public.orders: 3 rows written since'],
  },
  {
    what: 'rows that production lacks',
    found: { onlyLeft: deleted },
    unintended: ['public.orders: production lacks 12 rows (id=1; id=2, …)'],
    intended: [],
  },
  {
    what: 'a row with other content',
    found: { differing: changed },
    unintended: ['public.orders: other content in 1 row (id=4 in status and note)'],
    intended: [],
  },
  {
    what: 'missing from the restored database',
    found: { absentFrom: 'left' },
    unintended: ['public.orders: missing from the restored database'],
    intended: [],
  },
  {
    what: 'unequal without a key',
    found: { keyed: false },
    unintended: ['public.orders: 5 rows restored, 5 in production, not the same; it has no key to tell which'],
    intended: [],
  },
])('$what', ({ found, unintended, intended }) => {
  expect(explainDifferences([{ ...orders, ...found }], { volatile: [] })).toEqual({ unintended, intended });
});

test('rows known to be deleted are intended to be missing, and no other table’s', () => {
  const facilities = { ...orders, table: { schema: 'public', name: 'facilities' }, onlyLeft: deleted };
  const expected = { volatile: [], deletedFrom: 'public.orders' };
  const explained = explainDifferences([{ ...orders, onlyLeft: deleted }, facilities], expected);
  expect(explained.intended).toEqual(['public.orders: production lacks 12 rows']);
  expect(explained.unintended).toEqual(['public.facilities: production lacks 12 rows (id=1; id=2, …)']);
});

test('a volatile table may differ in its rows, and may not be gone', () => {
  const changes = { onlyLeft: deleted, differing: changed };
  const expected = { volatile: ['public.orders'] };
  expect(explainDifferences([{ ...orders, ...changes }], expected).unintended).toEqual([]);
  expect(explainDifferences([{ ...orders, absentFrom: 'right' }], expected).unintended).toHaveLength(1);
});
