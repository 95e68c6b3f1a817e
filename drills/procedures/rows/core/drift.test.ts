import { expect, test } from 'vitest';
import type { Column, Table } from '../../../../probes/catalogue/catalogue.ts';
import { drift, type UsedType } from './drift.ts';

type Member = Partial<Column> & { readonly name: string };

const table = (columns: readonly Member[]): Table => ({
  schema: 'public',
  name: 't',
  oid: 1,
  kind: 'r',
  owner: 'o',
  inherits: [],
  columns: columns.map((column, i) => ({
    number: i + 1,
    type: 'integer',
    typeOid: 23,
    notNull: false,
    hasDefault: false,
    ...column,
  })),
  keys: [],
  foreignKeys: [],
  triggers: [],
  rules: [],
  rowSecurity: false,
  forceRowSecurity: false,
  unvalidated: [],
  sequences: [],
});

const id = { name: 'id' };

test.each<{ name: string; restored: Member[]; production: Member[]; found: string[] }>([
  { name: 'nothing', restored: [id], production: [id], found: [] },
  { name: 'another order', restored: [id, { name: 'b' }], production: [{ name: 'b' }, id], found: [] },
  {
    name: 'a renamed column',
    restored: [id, { name: 'coupon_code', type: 'text' }],
    production: [id, { name: 'coupon', type: 'text' }],
    found: ['column coupon_code (text) is gone from production'],
  },
  {
    name: 'another type',
    restored: [{ name: 'n', type: 'numeric(12,2)' }],
    production: [{ name: 'n', type: 'numeric(10,2)' }],
    found: ['column n is numeric(12,2) in the restored database and numeric(10,2) in production'],
  },
  {
    name: 'a new column that must be filled',
    restored: [id],
    production: [id, { name: 'tax', notNull: true }],
    found: ['column tax (integer) is new in production, NOT NULL and without a default'],
  },
  {
    name: 'new columns that fill themselves',
    restored: [id],
    production: [
      id,
      { name: 'a' },
      { name: 'b', notNull: true, hasDefault: true },
      { name: 'c', notNull: true, identity: 'a' },
      { name: 'd', notNull: true, generated: 's' },
    ],
    found: [],
  },
])('columns: $name', ({ restored, production, found }) => {
  expect(drift({ table: table(restored), types: [] }, { table: table(production), types: [] })).toEqual(found);
});

const type = (members: Partial<UsedType>): UsedType => ({
  name: 'public.x',
  labels: [],
  base: '',
  attributes: [],
  ...members,
});

test.each<{ name: string; restored: UsedType; production: UsedType[]; found: string[] }>([
  { name: 'the same', restored: type({ labels: ['a'] }), production: [type({ labels: ['a'] })], found: [] },
  { name: 'one label more', restored: type({ labels: ['a'] }), production: [type({ labels: ['b', 'a'] })], found: [] },
  {
    name: 'a label gone',
    restored: type({ labels: ['a', 'b'] }),
    production: [type({ labels: ['a'] })],
    found: ["enum public.x has no label 'b' in production"],
  },
  {
    name: 'another base',
    restored: type({ base: 'integer' }),
    production: [type({ base: 'bigint' })],
    found: ['domain public.x is over integer and in production over bigint'],
  },
  {
    name: 'another attribute',
    restored: type({ attributes: ['a integer'] }),
    production: [type({ attributes: ['a integer', 'b text'] })],
    found: ['type public.x is (a integer) and in production (a integer, b text)'],
  },
  { name: 'gone', restored: type({}), production: [], found: ["type public.x is not used by production's table"] },
])('types: $name', ({ restored, production, found }) => {
  expect(drift({ table: table([id]), types: [restored] }, { table: table([id]), types: production })).toEqual(found);
});
