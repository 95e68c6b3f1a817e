import { Socket } from 'node:net';
import pg from 'pg';

/**
 * Asks a database on a connection of its own, connecting included, within `deadlineMs`. Whatever
 * happens the socket is destroyed, so that a half-open connection holds nothing up. Rejects with
 * what went wrong first: the driver's later "not queryable" would hide it.
 */
export async function askDatabase<T>(
  databaseUrl: string,
  deadlineMs: number,
  ask: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const socket = new Socket();
  const client = new pg.Client({ connectionString: databaseUrl, stream: () => socket });
  let broken: Error | undefined;
  // Without a listener a connection that is ended while idle (57P01) would end the process.
  client.on('error', (error) => {
    broken ??= error;
  });
  const deadline = AbortSignal.timeout(deadlineMs);
  const expired = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
  });
  const answered = client.connect().then(() => ask(client));
  try {
    return await Promise.race([expired, answered]);
  } catch (error) {
    throw broken ?? error;
  } finally {
    socket.destroy();
  }
}
