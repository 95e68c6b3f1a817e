import { randomInt } from 'node:crypto';
import { KunrenError } from '../../../probes/core/error.ts';
import { refuseUnlikeServers, type ServerFacts } from './core/server-pair.ts';
import type { RowsRequest } from './rows-plan.ts';
import { Session } from './session.ts';

/** Two connections to each side: one streams keys, the other works on what was found. */
export interface Sessions {
  readonly source: { readonly scan: Session; readonly rows: Session };
  readonly target: { readonly scan: Session; readonly work: Session };
  /** Both may be copies of one cluster, whose transaction ids mean the same up to where they parted. */
  readonly sameLineage: boolean;
  close(): void;
}

/** Opens the connections, or refuses a pair of databases between which rows cannot be brought back. */
export async function openSessions({ from, to, signal }: RowsRequest): Promise<Sessions> {
  const opened: Session[] = [];
  const close = (): void => {
    signal?.removeEventListener('abort', close);
    for (const session of opened) session.close();
  };
  const open = async (url: string, side: 'restored' | 'production'): Promise<Session> => {
    signal?.throwIfAborted();
    const session = await Session.open(url, side);
    opened.push(session);
    return session;
  };
  signal?.addEventListener('abort', close, { once: true });
  try {
    const [work, rows] = [await open(to, 'production'), await open(from, 'restored')];
    refuseUnlikeServers(await factsOf(rows), await factsOf(work));
    await refuseSameDatabase(rows, work);
    const sameLineage = await isSameLineage(rows, work);
    const target = { work, scan: await open(to, 'production') };
    const source = { rows, scan: await open(from, 'restored') };
    await shareSnapshot(source.rows, source.scan);
    await target.scan.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // A batch of keys is always looked up, whatever the planner knows of a database just restored.
    await rows.query('SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off');
    return { source, target, sameLineage, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function factsOf(session: Session): Promise<ServerFacts> {
  const [row] = await session.query<ServerFacts & object>(`
    SELECT current_setting('server_version_num')::int / 10000 AS version, pg_is_in_recovery() AS "inRecovery",
           current_setting('transaction_read_only') = 'on' AS "readOnly",
           current_setting('session_replication_role') AS "replicationRole"`);
  return { ...row!, label: labelOf(session) };
}

const labelOf = ({ label }: Session): string => `${label.database} at ${label.address}`;

/** Two URLs may name one database in many ways; an advisory lock is seen in its own database only. */
async function refuseSameDatabase(source: Session, target: Session): Promise<void> {
  const mark = [String(randomInt(2 ** 47))];
  await target.query('SELECT pg_advisory_lock($1)', mark);
  const [row] = await source.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', mark);
  if (!row!.free)
    throw new KunrenError(
      'same-database',
      `--from and --to are the same database, ${labelOf(target)}.`,
      'give the restored database as --from and production as --to.',
    );
  await target.query('SELECT pg_advisory_unlock($1)', mark);
  await source.query('SELECT pg_advisory_unlock($1)', mark);
}

/** By the identifier that initdb gives a cluster and every physical copy keeps. */
async function isSameLineage(...sessions: Session[]): Promise<boolean> {
  const identifiers: string[] = [];
  for (const session of sessions) {
    const [may] = await session.query<{ ask: boolean }>(
      "SELECT has_function_privilege('pg_control_system()', 'execute') AS ask",
    );
    if (!may!.ask) return false;
    const [row] = await session.query<{ id: string }>('SELECT system_identifier::text AS id FROM pg_control_system()');
    identifiers.push(row!.id);
  }
  return new Set(identifiers).size === 1;
}

/** Both connections see the same state. */
async function shareSnapshot(first: Session, second: Session): Promise<void> {
  const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
  await first.query(begin);
  const [row] = await first.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
  await second.query(begin);
  await second.query(`SET TRANSACTION SNAPSHOT '${row!.snapshot}'`);
}
