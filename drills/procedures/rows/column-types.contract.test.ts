import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../../fixtures/app/throwaway-postgres.ts';
import { applyRows } from './recover-rows.ts';
import { contentsOf, TwoDatabases } from './two-databases.ts';

let databases: TwoDatabases;
beforeAll(async () => {
  databases = await TwoDatabases.start();
});
afterAll(() => databases.stop());

/** Values that a type can have, as text. Each is also tried as a member of an array, where the type has one. */
const VALUES: { readonly [type: string]: readonly string[] } = {
  aclitem: ['facility_admin=r/facility_admin'],
  bit: ['1', '0'],
  bool: ['true', 'false'],
  box: ['(1,2),(0,-1e-300)'],
  bpchar: ['pad  ', '漢字 '],
  bytea: ['\\x00ff5c0a09', '\\x'],
  char: ['a', '\\303'],
  cid: ['1'],
  cidr: ['10.0.0.0/8', '2001:db8::/32'],
  circle: ['<(1,2),3>'],
  date: ['2025-01-01', '4713-01-01 BC', 'infinity', '5874897-12-31'],
  datemultirange: ['{[2025-01-01,2025-02-01)}'],
  daterange: ['[2025-01-01,2025-02-01)', 'empty'],
  float4: ['0.1', 'NaN', '-0', '1e-45'],
  float8: ['0.30000000000000004', '-Infinity', '-0', '5e-324'],
  gtsvector: [],
  inet: ['10.1.2.3/8', '::1'],
  int2: ['-32768'],
  int2vector: ['1 2'],
  int4: ['-2147483648'],
  int4multirange: ['{[1,2),[5,7)}'],
  int4range: ['[1,)', 'empty'],
  int8: ['9007199254740993', '-9223372036854775808'],
  int8multirange: ['{}'],
  int8range: ['(,5)'],
  interval: ['1 year -2 days +03:04:05.678901', '-178000000 years'],
  json: ['{"b": 1,  "a": [null, "\\u00e9\\t"], "a": 2}', '1.00'],
  jsonb: ['{"a": [1.00, "é\\n"]}', 'null'],
  jsonpath: ['$."a"[*]?(@ > 1)'],
  line: ['{1,-1,0}'],
  lseg: ['[(1,2),(3,4)]'],
  macaddr: ['08:00:2b:01:02:03'],
  macaddr8: ['08:00:2b:01:02:03:04:05'],
  money: ['-92233720368547758.08', '1.5'],
  name: ['注文'],
  numeric: ['1.00', '1.0', 'NaN', '-Infinity', '123456789012345678901234567890.0123456789', '1e-300'],
  nummultirange: ['{[1.10,2.5]}'],
  numrange: ['[1.10,2.5]'],
  oid: ['4294967295'],
  oidvector: ['1 2'],
  path: ['[(1,2),(3,4)]', '((1,2),(3,4))'],
  point: ['(0.1,1e300)'],
  polygon: ['((1,2),(3,4),(5,6))'],
  refcursor: ['portal "x"'],
  regclass: ['pg_class'],
  regcollation: ['"C"'],
  regconfig: ['english'],
  regdatabase: ['postgres'],
  regdictionary: ['simple'],
  regnamespace: ['pg_catalog'],
  regoper: ['pg_catalog.||/'],
  regoperator: ['+(integer,integer)'],
  regproc: ['pg_catalog.now'],
  regprocedure: ['abs(numeric)'],
  regrole: ['facility_admin'],
  regtype: ['integer[]'],
  text: ['', '\t\n\r\b\f\v\\N \\. "quoted" {a,b} 漢字 🐘', 'NULL', '\\N'],
  tid: ['(1,2)'],
  time: ['24:00:00', '00:00:00.000001'],
  timestamp: ['2025-01-01 00:00:00.123456', '4713-01-01 BC', 'infinity', '294276-12-31 23:59:59.999999'],
  timestamptz: ['2025-01-01 00:00:00.123456+09', '-infinity', '0044-03-15 12:00:00+00 BC'],
  timetz: ['00:00:00.000001+15:59'],
  tsmultirange: ['{[2025-01-01 00:00:00.000001,)}'],
  tsquery: ["'fat' & ( 'rat' | !'cat':AB )"],
  tsrange: ['(2025-01-01,2025-01-02]'],
  tstzmultirange: ['{[2025-01-01 00:00+09,)}'],
  tstzrange: ['["2025-01-01 00:00+09",infinity)'],
  tsvector: ["'a':1A 'fat cat':2,3B", ''],
  txid_snapshot: ['10:20:10,14,15'],
  pg_lsn: ['16/B374D848'],
  pg_snapshot: ['10:20:10,14,15'],
  uuid: ['00000000-0000-4000-8000-0000000000ff'],
  varbit: ['10101', ''],
  varchar: ['x\\', ' '],
  xid: ['4294967295'],
  xid8: ['18446744073709551615'],
  xml: ['<a b="1">é&amp;</a>', 'no element'],
};

/** Built-in types that no column can have, or that only the planner fills: refused by CREATE TABLE or without an input. */
const NO_INPUT = new Set([
  'gtsvector',
  'pg_brin_bloom_summary',
  'pg_brin_minmax_multi_summary',
  'pg_dependencies',
  'pg_mcv_list',
  'pg_ndistinct',
  'pg_node_tree',
]);

interface BuiltIn {
  readonly name: string;
  readonly sql: string;
  readonly array: boolean;
}

test('every built-in type that a column can have comes back byte for byte', async () => {
  const types = (await databases.admin([
    `SELECT typname AS name, quote_ident(typname) AS sql, typarray <> 0 AS array FROM pg_type t
      WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid) ORDER BY 1`,
  ])) as unknown as BuiltIn[];
  const named = types.filter(({ name }) => !NO_INPUT.has(name));
  // A type that a later server brings must be given values here.
  expect(named.map(({ name }) => name).filter((name) => VALUES[name] === undefined)).toEqual([]);
  expect(named.length).toBeGreaterThan(70);

  const made = named.flatMap(({ name, sql, array }, i) => {
    const type = `pg_catalog.${sql}`;
    const literals = VALUES[name]!.map((value) => `(${quote(value)}::${type})`);
    const arrays = literals.map((literal) => (array ? `ARRAY[NULL, ${literal}]::${type}[]` : 'NULL'));
    const rows = [...literals.map((literal, k) => `(${literal}, ${arrays[k]})`), '(NULL, NULL)'];
    return [
      `CREATE TABLE t${i} (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v ${type}, a ${array ? `${type}[]` : 'text'})`,
      `INSERT INTO t${i} (v, a) VALUES ${rows.join(', ')}`,
    ];
  });
  const pair = await databases.pair(made.join(';'));
  const tables = named.map((_, i) => `t${i}`);
  await expectBack(pair, tables);
});

test('types of the user come back byte for byte', async () => {
  const pair = await databases.pair(`
    CREATE TYPE mood AS ENUM ('低い', 'it''s', 'a,b'); CREATE DOMAIN year AS int CHECK (VALUE > 1900);
    CREATE TYPE place AS (zip char(7), at point, "the mood" mood, years year[]);
    CREATE TYPE spans AS RANGE (subtype = mood); CREATE DOMAIN placed AS place CHECK (coalesce((VALUE).zip, 'x') <> '');
    CREATE TABLE t (id mood PRIMARY KEY, y year, p place, ps place[], s spans, d placed, l placed[]);
    INSERT INTO t VALUES ('低い', 2025, ROW('a"b', '(1,2)', 'a,b', '{2000,NULL}'), ARRAY[ROW('x', NULL, NULL, NULL)::place, NULL],
      '[低い,"a,b")', ROW('1', NULL, NULL, NULL), ARRAY[ROW('1', NULL, 'it''s', NULL)::placed]), ('it''s', NULL, NULL, NULL, 'empty', NULL, NULL)`);
  await expectBack(pair, ['t']);
});

// The key of a row goes as text to both servers and back: each type that an index takes must survive that.
test('a row is found again by a key of any built-in type', async () => {
  const keyed = (await databases.admin([
    `SELECT DISTINCT typname AS name, quote_ident(typname) AS sql FROM pg_type t JOIN pg_opclass o ON opcintype = t.oid JOIN pg_am a ON a.oid = opcmethod
      WHERE amname = 'btree' AND typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') ORDER BY 1`,
  ])) as unknown as BuiltIn[];
  expect(keyed.length).toBeGreaterThan(30);
  const usable = keyed.filter(({ name }) => (VALUES[name] ?? []).length > 0);
  const made = usable.map(({ name, sql }, i) => {
    // Equal numbers written otherwise are one key.
    const values = VALUES[name]!.filter((value) => value !== '1.0').map((value) => `(${quote(value)}, 1)`);
    return `CREATE TABLE k${i} (id pg_catalog.${sql} PRIMARY KEY, n int); INSERT INTO k${i} VALUES ${values.join(', ')}`;
  });
  await expectBack(
    await databases.pair(made.join(';')),
    usable.map((_, i) => `k${i}`),
  );
});

const quote = (value: string): string => `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

async function expectBack(pair: { from: string; to: string }, tables: readonly string[]): Promise<void> {
  const before = await contentsOf(pair.to);
  await run(
    pair.to,
    tables.map((table) => `DELETE FROM ${table}`),
  );
  const { plan, applied } = await applyRows({ ...pair, tables });
  expect({ applied, refusals: plan.refusals }).toEqual({ applied: true, refusals: [] });
  expect(await contentsOf(pair.to)).toEqual(before);
  expect((await applyRows({ ...pair, tables })).inserted).toEqual([]);
}
