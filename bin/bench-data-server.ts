import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TwinHost } from '../fixtures/twin/host.ts';
import { asAdmin } from '../fixtures/twin/postgres/first-write.ts';
import { startPostmaster } from '../fixtures/twin/postgres/postmaster.ts';
import { copyDataDirectory } from '../fixtures/twin/postgres/template.ts';
import { postgresInstall } from '../fixtures/twin/rds/postgres-install.ts';
import { KunrenError } from '../probes/core/error.ts';

/** The URL of a database on a server of the twin's Postgres, which an ordinary role owns. */
export type DatabaseUrl = (database: string) => string;

const ROLE = 'owner';
const PASSWORD = 'of-the-benchmark';

/** Databases, their copies and the write-ahead log at their largest, measured: 7 GB. */
const DISK_BYTES_MIN = 12e9;

/**
 * The tables fit into the server's memory, so that all contenders read from there; and no background work that one of
 * them might meet and another not. All else is as Postgres has it, fsync included.
 */
const settings = {
  shared_buffers: '2GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
  maintenance_work_mem: '512MB',
  autovacuum: 'off',
};

/** A server that holds nothing yet. It ends with its host. */
export async function startDataServer(host: TwinHost): Promise<DatabaseUrl> {
  refuseSmallDisk(host.directory);
  const { binaries, user, template } = postgresInstall(host);
  const { dataDirectory: empty, password: adminPassword } = await template();
  const dataDirectory = join(host.directory, 'data');
  copyDataDirectory(empty, dataDirectory, user);
  const { port } = await startPostmaster(host, {
    ...{ binaries, user, dataDirectory, adminPassword, settings, signal: host.closing },
  });
  await asAdmin({ port, password: adminPassword }, (client) =>
    client.query(`CREATE ROLE ${ROLE} LOGIN CREATEDB PASSWORD '${PASSWORD}' IN ROLE rds_superuser`),
  );
  return (database) => `postgresql://${ROLE}:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

function refuseSmallDisk(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= DISK_BYTES_MIN) return;
  throw new KunrenError(
    'bench-disk-small',
    `${folder} has ${((bavail * bsize) / 1e9).toFixed(1)} GB free; the tables need ${DISK_BYTES_MIN / 1e9} GB.`,
    'free some, or name another folder in KUNREN_HOME.',
  );
}

/** Statements one after the other, on a connection of their own. */
export async function execute(url: string, ...statements: readonly string[]): Promise<void> {
  await connected(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
