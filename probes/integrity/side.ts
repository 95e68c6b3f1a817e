import pg from 'pg';
import type { Table } from '../catalogue/catalogue.ts';
import { CONTENT_SETTINGS } from '../catalogue/content-settings.ts';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { failureReason } from '../core/answer.ts';
import { KunrenError } from '../core/error.ts';

/** One of two databases that are compared, in one transaction: all that is read of it is of one instant. */
export interface Side {
  readonly client: pg.ClientBase;
  /** For people: "production", "restored". */
  readonly name: string;
}

/** For a connection to be made, in milliseconds. Assumed. */
const CONNECT_MS_MAX = 10_000;

/** For the transaction that the content is read in, so that a value has one text on every side. */
export const PINNED = [...CONTENT_SETTINGS, 'search_path = pg_catalog']
  .map((setting) => `set local ${setting}`)
  .join('; ');

/**
 * Lends both databases to `work`, each in one read-only transaction of one snapshot. Nothing is left on either,
 * whatever happens. Throws a KunrenError that names the side which does not answer.
 */
export async function withSides<T>(
  urls: { readonly left: Place; readonly right: Place },
  work: (left: Side, right: Side) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const left = await openSide(urls.left);
  try {
    const right = await openSide(urls.right);
    const end = (): void => void Promise.allSettled([left.client.end(), right.client.end()]);
    signal?.addEventListener('abort', end, { once: true });
    try {
      signal?.throwIfAborted();
      return await work(left, right);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', end);
      await right.client.end().catch(() => {});
    }
  } finally {
    await left.client.end().catch(() => {});
  }
}

/** Asks a side about a table, or another thing that `about` names. What it may not read is refused by that name. */
export async function ask<Row extends pg.QueryResultRow | readonly unknown[]>(
  { client, name }: Side,
  about: string,
  query: string | pg.QueryConfig | pg.QueryArrayConfig,
): Promise<Row[]> {
  try {
    return (await client.query(query)).rows as Row[];
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw forbids(cause)
      ? new KunrenError(
          'table-unreadable',
          `${about} cannot be read whole in the ${name} database: ${said}.`,
          'grant SELECT on it to this role, and BYPASSRLS where row security hides rows; or connect as the owner.',
          { cause },
        )
      : new KunrenError(
          'check-broken-off',
          `${about} was not read to its end in the ${name} database: ${said}.`,
          'remove the cause, and check again.',
          { cause },
        );
  }
}

/** insufficient_privilege, which row security raises as well. */
const forbids = (cause: unknown): boolean => cause instanceof pg.DatabaseError && cause.code === '42501';

/** Where a side is, and what people call it. */
export interface Place {
  readonly url: string;
  readonly name: string;
}

async function openSide({ url, name }: Place): Promise<Side & { readonly client: pg.Client }> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    application_name: 'kunren integrity',
  });
  // Without a listener a connection that is ended while idle would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('begin isolation level repeatable read read only');
    await client.query(PINNED);
    return { client, name };
  } catch (cause) {
    await client.end().catch(() => {});
    throw new KunrenError(
      'database-not-answering',
      `The ${name} database cannot be read: ${failureReason(cause)}.`,
      'check that it is up, and its address and password.',
      { cause },
    );
  }
}

/** The tables whose rows are all told, each row once: a partition's are its parent's. */
export async function wholeTables({ client }: Side): Promise<Table[]> {
  const { tables } = await readCatalogue(client);
  return tables.filter(({ partitionOf }) => partitionOf === undefined);
}
