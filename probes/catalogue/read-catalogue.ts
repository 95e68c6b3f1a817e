import type pg from 'pg';
import type { Catalogue, FedSequence, Table } from './catalogue.ts';
import { CATALOGUE_QUERY } from './catalogue-query.ts';

type SequenceText = Omit<FedSequence, 'increment'> & { readonly increment: string };
type TableText = Omit<Table, 'sequences'> & { readonly sequences: readonly SequenceText[] };

/** What the client's database holds, whatever the role may read of it: the catalogue is open to every role. */
export async function readCatalogue(client: pg.ClientBase): Promise<Catalogue> {
  const { rows } = await client.query<Omit<Catalogue, 'tables'> & { readonly tables: readonly TableText[] }>(
    CATALOGUE_QUERY,
  );
  const { serverVersion, database, tables } = rows[0]!;
  return {
    serverVersion,
    database,
    tables: tables.map((table) => ({
      ...table,
      sequences: table.sequences.map((fed) => ({ ...fed, increment: BigInt(fed.increment) })),
    })),
  };
}
