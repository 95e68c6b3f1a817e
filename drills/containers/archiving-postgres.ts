import type { Readable } from 'node:stream';
import { PostgreSqlContainer, type StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import type pg from 'pg';
import { machineClock } from '../../probes/clock.ts';
import { KunrenError } from '../../probes/core/error.ts';

/** The folder that the image gives to Postgres. */
const HOME = '/var/lib/postgresql';
/** What a restore needs, in one folder: an engine hands out a second one only after the first was read to its end. */
const KEPT = `${HOME}/kept`;
const ARCHIVE = `${KEPT}/archive`;
const BACKUP = `${KEPT}/backup`;

/** Assumed: a segment of 16 MiB is copied in far less, on a machine where other tests run. */
const ARCHIVED_MS_MAX = 30_000;
const POLL_MS = 50;

/** A server in a container, which archives its WAL. */
export async function startArchiving(image: string): Promise<StartedPostgreSqlContainer> {
  // By a rename, so that the archive never holds half a segment; never over one that is there.
  const archive = `mkdir -p ${ARCHIVE} && test ! -e ${ARCHIVE}/%f && cp %p ${ARCHIVE}/%f.part && mv ${ARCHIVE}/%f.part ${ARCHIVE}/%f`;
  return new PostgreSqlContainer(image)
    .withCommand(['postgres', ...settings({ archive_mode: 'on', archive_command: archive })])
    .start();
}

/** A base backup without WAL: whatever it lacks must come from the archive. It is kept in the container. */
export async function takeBaseBackup(source: StartedPostgreSqlContainer): Promise<void> {
  const backup = `pg_basebackup --host=/var/run/postgresql --username=${source.getUsername()} --pgdata=${BACKUP}`;
  const { exitCode, output } = await source.exec(
    [
      'sh',
      '-c',
      `mkdir -p ${KEPT} && ${backup} --wal-method=none --checkpoint=fast && touch ${BACKUP}/recovery.signal`,
    ],
    { user: 'postgres' },
  );
  if (exitCode === 0) return;
  throw new KunrenError('base-backup-failed', `pg_basebackup ended with ${exitCode}: ${output}`, 'see what it said.');
}

/** Waits until all that was committed so far is in the archive. */
export async function archiveSoFar(client: pg.ClientBase): Promise<void> {
  // A commit of its own after what the restore aims at: Postgres recognises a target time only by a later commit.
  await client.query('CREATE TABLE archive_mark (); DROP TABLE archive_mark');
  const { rows } = await client.query<{ file: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS file');
  const late = AbortSignal.timeout(ARCHIVED_MS_MAX);
  for (;;) {
    const archived = await client.query('SELECT 1 FROM pg_stat_archiver WHERE last_archived_wal >= $1', [
      rows[0]!.file,
    ]);
    if (archived.rowCount === 1) return;
    if (late.aborted)
      throw new KunrenError(
        'wal-not-archived',
        `${rows[0]!.file} was not archived within ${ARCHIVED_MS_MAX / 1_000} s.`,
        'see the log of the container.',
      );
    await machineClock.sleep(POLL_MS);
  }
}

/**
 * A second container with the base backup and the archive of the first, recovered to a time as the server wrote it.
 * Copied from one to the other by way of the engine, so that the engine may be on another machine. It is started when
 * it takes writes, and not when it merely answers: it does so before it was recovered.
 */
export async function startRecovered(
  source: StartedPostgreSqlContainer,
  image: string,
  time: string,
): Promise<StartedPostgreSqlContainer> {
  const tar = (await source.copyArchiveFromContainer(KEPT)) as Readable;
  const promoted = `psql -U ${source.getUsername()} -d ${source.getDatabase()} -tAc 'SELECT pg_is_in_recovery()'`;
  return new PostgreSqlContainer(image)
    .withEnvironment({ PGDATA: BACKUP })
    .withCopyArchivesToContainer([{ tar, target: HOME }])
    .withCommand([
      'postgres',
      ...settings({
        restore_command: `cp ${ARCHIVE}/%f %p`,
        recovery_target_time: time,
        recovery_target_action: 'promote',
      }),
    ])
    .withHealthCheck({
      test: ['CMD-SHELL', `test "$(${promoted})" = f`],
      interval: 250,
      timeout: 2_000,
      retries: 400,
    })
    .start();
}

const settings = (values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
