import { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { CONTENT_SETTINGS } from '../../../probes/catalogue/content-settings.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { type Side, wordServerError } from './core/server-error.ts';
import type { DatabaseLabel } from './rows-plan.ts';

/** For a connection to be made. Assumed; the operator waits for it. */
const CONNECT_MS_MAX = 10_000;
/** A server whose host is gone says nothing; the system asks after this silence and gives up some 10 s later. Assumed. */
const KEEP_ALIVE_MS = 10_000;

const PINNED = CONTENT_SETTINGS.map((setting) => `set ${setting}`).join('; ');

/** One connection of the merge, whose errors are worded. */
export class Session {
  readonly label: DatabaseLabel;
  readonly side: Side;
  readonly #socket = new Socket();
  readonly #client: pg.Client;
  #broken: Error | undefined;

  private constructor(url: string, side: Side) {
    this.side = side;
    this.#client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      application_name: 'kunren recover rows',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      stream: () => this.#socket,
    });
    const { host, port, database } = this.#client;
    this.label = { database: database ?? '', address: `${host}:${port}` };
    // Without a listener a connection that is ended while idle would end the process.
    this.#client.on('error', (error) => {
      this.#broken ??= error;
    });
  }

  static async open(url: string, side: Side): Promise<Session> {
    if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
      throw new KunrenError(
        'url-unreadable',
        `--${side === 'restored' ? 'from' : 'to'} is not the URL of a database.`,
        'write postgres://user:password@host:port/database.',
      );
    const session = new Session(url, side);
    try {
      await session.#worded(session.#client.connect());
      await session.query(PINNED);
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  /** The client itself, for those who read the catalogue. */
  get client(): pg.Client {
    return this.#client;
  }

  async query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return (await this.#worded(this.#client.query<Row>(text, values as unknown[] | undefined))).rows;
  }

  /** Each row as an array of texts. Values that are no text must be cast in the statement. */
  async texts(text: string, values: readonly unknown[] = []): Promise<(string | null)[][]> {
    return (await this.#worded(this.#client.query({ text, values: [...values], rowMode: 'array' }))).rows;
  }

  /** What `COPY (select) TO STDOUT` sends, piece by piece, no faster than it is taken. */
  async *copyOut(select: string): AsyncGenerator<Buffer> {
    try {
      yield* this.#client.query(copyTo(`COPY (${select}) TO STDOUT`));
    } catch (error) {
      throw this.#wordedOf(error);
    }
  }

  /** Feeds `COPY target FROM STDIN`; gives the number of rows. */
  async copyIn(target: string, chunks: AsyncIterable<Buffer>): Promise<number> {
    const into = this.#client.query(copyFrom(`COPY ${target} FROM STDIN`));
    await this.#worded(pipeline(chunks, into));
    return into.rowCount;
  }

  /** At once, whatever is under way: the server rolls back. */
  close(): void {
    this.#socket.destroy();
  }

  async #worded<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.#wordedOf(error);
    }
  }

  /** What went wrong first: the driver's later "not queryable" would hide it. */
  #wordedOf(error: unknown): KunrenError {
    return wordServerError(this.#broken ?? error, this.side);
  }
}
