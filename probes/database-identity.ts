import { failureReason } from './core/answer.ts';
import { KunrenError } from './core/error.ts';
import { askDatabase } from './sql-connection.ts';

/** Which server answers, and in what role. */
export interface DatabaseIdentity {
  /** In UTC with microseconds, whatever the server's time zone: another one is another postmaster. */
  readonly postmasterStartTime: string;
  readonly readOnly: boolean;
  readonly inRecovery: boolean;
  /** As the server sees it; `null` over a local socket. */
  readonly serverAddress: string | null;
}

/** Throws `database-not-answering`, with the reason, when it does not answer within `deadlineMs`. */
export async function databaseIdentity(databaseUrl: string, deadlineMs: number): Promise<DatabaseIdentity> {
  try {
    return await askDatabase(databaseUrl, deadlineMs, async (client) => {
      const { rows } = await client.query<DatabaseIdentity>(`
        select to_char(pg_postmaster_start_time() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                 as "postmasterStartTime",
               current_setting('transaction_read_only') = 'on' as "readOnly",
               pg_is_in_recovery() as "inRecovery",
               host(inet_server_addr()) as "serverAddress"`);
      return rows[0]!;
    });
  } catch (error) {
    throw new KunrenError(
      'database-not-answering',
      `The database did not say who it is within ${deadlineMs} ms: ${failureReason(error)}.`,
      'Check that it is up and that its address and password are right.',
      { cause: error },
    );
  }
}
