import { machineClock } from './clock.ts';
import { failureReason } from './core/answer.ts';
import type { SqlProbeSpec } from './core/probe-spec.ts';
import { type Probe, sampleNow } from './probe.ts';
import { askDatabase } from './sql-connection.ts';

/**
 * Asks the database whether it takes writes. An old primary that still answers reads is bad: so is
 * a standby. Writes nothing.
 */
export function sqlProbe(spec: SqlProbeSpec): Probe {
  return {
    async ask(k, dueAtMs) {
      const asked = { k, dueAtMs, sentAtMs: machineClock.nowMs() };
      try {
        return sampleNow(spec, asked, await whyNotWritable(spec));
      } catch (error) {
        return sampleNow(spec, asked, failureReason(error));
      }
    },
    close: async () => {},
  };
}

async function whyNotWritable(spec: SqlProbeSpec): Promise<string | undefined> {
  const row = await askDatabase(spec.databaseUrl, spec.deadlineMs, async (client) => {
    const { rows } = await client.query(
      "select pg_is_in_recovery() as recovering, current_setting('transaction_read_only') as read_only",
    );
    return rows[0];
  });
  if (row?.recovering === true) return 'in recovery';
  // What a write would be answered: read_only_sql_transaction.
  return row?.recovering === false && row.read_only === 'off' ? undefined : 'read-only (25006)';
}
