import { type FedSequence, type Table, tableLabel } from '../catalogue/catalogue.ts';
import { quoteColumns, quoteTable, relationOf } from '../catalogue/quote.ts';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { columnsHashing } from './column-hashing.ts';
import { ask, type Side } from './side.ts';

/** int8, int2, int4, numeric: what a sequence's values are compared with. */
const NUMBER_TYPES: ReadonlySet<number> = new Set([20, 21, 23, 1700]);

/**
 * What is wrong with one database by itself: constraints that no longer hold for all rows, indexes that were left
 * invalid, and sequences whose next value a row already has. In words; empty when it is sound.
 */
export async function findUnsound(side: Side): Promise<string[]> {
  // A default may call nextval with a text, which is looked up as the role's own sessions look it up.
  await side.client.query('set local search_path to default');
  const { tables } = await readCatalogue(side.client);
  await side.client.query('set local search_path = pg_catalog');
  const found = tables.flatMap((table) =>
    table.unvalidated.map((name) => `${tableLabel(table)}: constraint ${name} is not validated`),
  );
  found.push(...(await invalidIndexes(side)), ...(await orphans(side)));
  const columns = await columnsHashing(side);
  for (const table of tables) {
    for (const fed of table.sequences) {
      const type = columns.get(table.oid)?.get(fed.column)?.baseType ?? 0;
      if (NUMBER_TYPES.has(type)) found.push(...(await sequenceBehind(side, table, fed)));
    }
  }
  return found;
}

async function invalidIndexes(side: Side): Promise<string[]> {
  const rows = await ask<{ name: string }>(
    side,
    'The list of indexes',
    'SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid ORDER BY 1',
  );
  return rows.map(({ name }) => `index ${name} is invalid`);
}

/**
 * A key's own operators compare, as its constraint does. A partition's copy of its parent's key is left out; a
 * partitioned table is read with its partitions.
 */
const FOREIGN_KEYS = `
  SELECT format('%I.%I', n.nspname, c.relname) AS table, k.conname AS name,
         CASE WHEN c.relkind = 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', n.nspname, c.relname) AS child,
         CASE WHEN p.relkind = 'r' THEN 'ONLY ' ELSE '' END || format('%I.%I', m.nspname, p.relname) AS parent,
         string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ') AS given,
         string_agg(format('p.%I OPERATOR(%I.%s) c.%I', b.attname, s.nspname, o.oprname, a.attname), ' AND ') AS match
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace m ON m.oid = p.relnamespace
    CROSS JOIN unnest(k.conkey, k.confkey, k.conpfeqop) AS u(own, referred, operator)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.own
    JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = u.referred
    JOIN pg_operator o ON o.oid = u.operator JOIN pg_namespace s ON s.oid = o.oprnamespace
   WHERE k.contype = 'f' AND k.conparentid = 0
   GROUP BY k.oid, 1, 2, 3, 4 ORDER BY 1, 2`;

/** Rows whose foreign key refers to nothing: a restore or an import with triggers off leaves them, and no constraint tells. */
async function orphans(side: Side): Promise<string[]> {
  const keys = await ask<{ table: string; name: string; child: string; parent: string; given: string; match: string }>(
    side,
    'The list of foreign keys',
    FOREIGN_KEYS,
  );
  const found: string[] = [];
  for (const { table, name, child, parent, given, match } of keys) {
    const rows = await ask<{ count: string }>(
      side,
      table,
      `SELECT count(*)::text AS count FROM ${child} AS c
        WHERE ${given} AND NOT EXISTS (SELECT FROM ${parent} AS p WHERE ${match})`,
    );
    const count = rows[0]!.count;
    if (count !== '0') found.push(`${table}: ${count} rows break foreign key ${name}`);
  }
  return found;
}

/** A sequence that would give out a value that a row already has, or one behind it. */
async function sequenceBehind(side: Side, table: Table, fed: FedSequence): Promise<string[]> {
  const label = `Sequence ${tableLabel(fed.sequence)}`;
  const [state] = await ask<{ last: string; called: boolean; least: string; most: string; cycles: boolean }>(
    side,
    label,
    `SELECT s.last_value::text AS last, s.is_called AS called, q.seqmin::text AS least, q.seqmax::text AS most,
            q.seqcycle AS cycles FROM ${quoteTable(fed.sequence)} s JOIN pg_sequence q ON q.seqrelid = s.tableoid`,
  );
  const { last, called, least, most, cycles } = state!;
  // One that starts again at its end has no farthest value.
  if (cycles) return [];
  const [farthest] = await ask<{ value: string | null }>(
    side,
    `${tableLabel(table)}.${fed.column}`,
    // Only what it can give out. Compared with constants, so that an index finds it.
    `SELECT trunc(${fed.increment > 0n ? 'max' : 'min'}(v)::numeric)::text AS value
       FROM (SELECT ${quoteColumns([fed.column])} AS v FROM ${relationOf(table)}) AS t WHERE v BETWEEN ${least} AND ${most}`,
  );
  if (farthest!.value === null) return [];
  const ahead = (BigInt(last) - BigInt(farthest!.value)) * (fed.increment > 0n ? 1n : -1n);
  if (ahead > 0n || (ahead === 0n && called)) return [];
  return [
    `sequence ${tableLabel(fed.sequence)} stands at ${last} and ${tableLabel(table)}.${fed.column} already at ${farthest!.value}`,
  ];
}
