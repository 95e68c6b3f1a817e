import { expect, test } from 'vitest';
import type { Catalogue, Table } from './catalogue.ts';
import { findTable } from './find-table.ts';

const table = (schema: string, name: string): Table => ({
  ...{ schema, name, oid: 1, kind: 'r', owner: 'owner', inherits: [], columns: [], keys: [], foreignKeys: [] },
  ...{ triggers: [], rules: [], rowSecurity: false, forceRowSecurity: false, unvalidated: [], sequences: [] },
});

const LONGEST = '注'.repeat(21);
const catalogue: Catalogue = {
  ...{ serverVersion: 180004, database: 'facility' },
  tables: [
    ...[table('public', 'orders'), table('public', 'Orders'), table('public', 'MixedCase'), table('public', 'a.b')],
    ...[table('public', 'we"ird'), table('注文', '明細 2025'), table('public', 'Ärger'), table('public', LONGEST)],
    ...[table('public', 'twice'), table('archive', 'twice'), table('public', 'a b')],
  ],
};

test.each([
  ['orders', 'public', 'orders'],
  [' public.orders ', 'public', 'orders'],
  ['PUBLIC.ORDERS', 'public', 'orders'],
  ['"Orders"', 'public', 'Orders'],
  ['Orders', 'public', 'orders'],
  ['MixedCase', 'public', 'MixedCase'],
  ['"a.b"', 'public', 'a.b'],
  ['public."a.b"', 'public', 'a.b'],
  ['"we""ird"', 'public', 'we"ird'],
  ['"注文"."明細 2025"', '注文', '明細 2025'],
  ['注文.明細 2025', '注文', '明細 2025'],
  ['Ärger', 'public', 'Ärger'],
  ['archive.twice', 'archive', 'twice'],
  ['a b', 'public', 'a b'],
  [LONGEST, 'public', LONGEST],
])('%s is found as its owner writes it', (written, schema, name) => {
  expect(findTable(catalogue, written)).toMatchObject({ schema, name });
});

test.each([
  ['order', 'table-missing', /no table order\..*"public"\."orders"/],
  ['public.order_items', 'table-missing', /no table public\.order_items/],
  ['"ORDERS"', 'table-missing', /"public"\."orders", "public"\."Orders"/],
  ['a.b', 'table-missing', /no table a\.b/],
  ['twice', 'table-ambiguous', /"public"\."twice", "archive"\."twice"/],
  [`${LONGEST}x`, 'table-name-cut', /64 bytes, which Postgres cuts to 63: 注+ /],
  [`"${'x'.repeat(62)}é"`, 'table-name-cut', new RegExp(`64 bytes, which Postgres cuts to 63: ${'x'.repeat(62)} `)],
  ['', 'table-name-unreadable', /is not a table's name/],
  ['a.b.c', 'table-name-unreadable', /a\.b\.c is not/],
  ['"open', 'table-name-unreadable', /"open is not/],
  ['orders"; DROP TABLE orders; --', 'table-name-unreadable', /is not a table's name/],
])('%s is refused by name', (written, code, message) => {
  expect(() => findTable(catalogue, written)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

test('a database without tables says so', () => {
  expect(() => findTable({ ...catalogue, tables: [] }, 'orders')).toThrow(/it has no table at all/);
});
