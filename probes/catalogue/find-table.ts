import { KunrenError } from '../core/error.ts';
import type { Catalogue, Table } from './catalogue.ts';
import { quoteTable } from './quote.ts';

/** NAMEDATALEN - 1: Postgres cuts a longer name, with a mere notice, and so may find another table. */
const NAME_BYTES_MAX = 63;
const SHOWN_MAX = 10;

/** A name of one or two parts, each in quotes or without; what is without may hold anything but a dot and a quote. */
const WRITTEN = /^(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^".]+)$/;

/**
 * The table that a user named as in SQL: `orders`, `public.orders`, `"注文"."明細 2025"`. What stands without quotes is
 * read in lower case first, as Postgres does, then as it is written. Never guesses between two: a name without a schema
 * that several schemas have is refused, since the search path of the session that it was meant for is not known.
 */
export function findTable(catalogue: Catalogue, written: string): Table {
  const parts = WRITTEN.exec(written.trim());
  if (parts === null)
    throw new KunrenError(
      'table-name-unreadable',
      `${written} is not a table's name.`,
      'Write table, schema.table, or "Schema"."Table" with the quotes where a name has capitals, dots or quotes.',
    );
  const [schema, name] = [parts[1], parts[2]!];
  for (const part of [schema, name]) if (part !== undefined) refuseCutName(plain(part), written);
  for (const read of [folded, plain]) {
    const found = catalogue.tables.filter(
      (table) => table.name === read(name) && (schema === undefined || table.schema === read(schema)),
    );
    if (found.length === 1) return found[0]!;
    if (found.length > 1)
      throw new KunrenError(
        'table-ambiguous',
        `${written} is a table of several schemas: ${found.map(quoteTable).join(', ')}.`,
        'Write the schema before the name.',
      );
  }
  throw missing(catalogue, written, plain(name));
}

const isQuoted = (part: string): boolean => part.startsWith('"');
const plain = (part: string): string => (isQuoted(part) ? part.slice(1, -1).replaceAll('""', '"') : part);
/** Postgres folds the letters A to Z only, in a database of UTF-8. */
const folded = (part: string): string =>
  isQuoted(part) ? plain(part) : part.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function refuseCutName(name: string, written: string): void {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= NAME_BYTES_MAX) return;
  // A letter that was cut in two decodes to U+FFFD at the end: Postgres drops it whole.
  const kept = new TextDecoder().decode(bytes.subarray(0, NAME_BYTES_MAX)).replace(/\uFFFD$/, '');
  throw new KunrenError(
    'table-name-cut',
    `${written} has a name of ${bytes.length} bytes, which Postgres cuts to ${NAME_BYTES_MAX}: ${kept}`,
    'Write the name as the database has it.',
  );
}

function missing(catalogue: Catalogue, written: string, name: string): KunrenError {
  const low = name.toLowerCase();
  const like = (table: Table): boolean =>
    table.name.toLowerCase() === low ||
    table.name.toLowerCase().startsWith(low) ||
    low.startsWith(table.name.toLowerCase());
  const near = catalogue.tables.filter(like);
  const shown = (near.length > 0 ? near : catalogue.tables).slice(0, SHOWN_MAX).map(quoteTable).join(', ');
  return new KunrenError(
    'table-missing',
    `Database ${catalogue.database} has no table ${written}.`,
    shown === '' ? 'Check the database: it has no table at all.' : `Name one that it has: ${shown}.`,
  );
}
