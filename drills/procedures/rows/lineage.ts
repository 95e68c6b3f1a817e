import type { Catalogue, Table } from '../../../probes/catalogue/catalogue.ts';
import type { RowTable } from './row-table.ts';
import { landingPlaces } from './scope.ts';
import type { Sessions } from './sessions.ts';

/** Content of smaller tables, TOAST included, is always read: a fifth of a second, measured for 16 MiB. */
const BYTES_READ_MAX = 16 * 2 ** 20;

interface Catalogues {
  readonly production: Catalogue;
  readonly restored: Catalogue;
}

/**
 * Whether a row that both sides hold from the same transaction may be taken for the same, so that a wide table need not be
 * read. Both sides count transactions on from where they parted, so nobody must have written in the restored table since;
 * and what alters content without writing a row, a column dropped and added again, must not have happened. The scan samples
 * what is taken for the same nevertheless: clusters made from one image share its identifier and are no copies.
 */
export async function keepsTransactions(
  { source, sameLineage }: Sessions,
  { production, restored }: Catalogues,
  row: RowTable,
): Promise<boolean> {
  if (!sameLineage || row.key === undefined || row.production.oid !== row.restored.oid) return false;
  const places = landingPlaces(restored, row.restored);
  const columnsKept = landingPlaces(production, row.production).every((place) => {
    const before = places.find(({ oid }) => oid === place.oid);
    return before === undefined || columnsText(before, row) === columnsText(place, row);
  });
  if (!columnsKept || row.production.columns.some(({ generated }) => generated === 'v')) return false;
  // Postgres counts anew after each recovery from a backup.
  const [found] = await source.rows.query<{ large: boolean; written: boolean }>(
    `SELECT sum(pg_table_size(oid)) > ${BYTES_READ_MAX} AS large,
            current_setting('track_counts') = 'off' OR sum(pg_stat_get_tuples_inserted(oid)
              + pg_stat_get_tuples_updated(oid) + pg_stat_get_tuples_deleted(oid)) > 0 AS written
       FROM unnest($1::oid[]) oid`,
    [places.map(({ oid }) => oid)],
  );
  return found!.large && !found!.written;
}

const columnsText = ({ columns }: Table, row: RowTable): string =>
  JSON.stringify(
    columns
      .filter(({ name }) => row.columns.includes(name))
      .map(({ name, number, typeOid }) => [name, number, typeOid]),
  );
