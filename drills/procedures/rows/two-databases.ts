// For contract tests: production and a restored copy of it on one real Postgres, owned by a role that is no superuser.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type ThrowawayPostgres, throwawayPostgres } from '../../../fixtures/app/throwaway-postgres.ts';
import { freePort } from '../../../fixtures/twin/ecs/listening-port.ts';
import { tableLabel } from '../../../probes/catalogue/catalogue.ts';
import { relationOf } from '../../../probes/catalogue/quote.ts';
import { readCatalogue } from '../../../probes/catalogue/read-catalogue.ts';
import { Session } from './session.ts';

export interface Pair {
  readonly from: string;
  readonly to: string;
}

export class TwoDatabases {
  readonly #server: ThrowawayPostgres;
  #count = 0;

  private constructor(server: ThrowawayPostgres) {
    this.#server = server;
  }

  static async start(): Promise<TwoDatabases> {
    const databases = new TwoDatabases(await throwawayPostgres(await freePort(), []));
    // Nothing here outlives the machine, and each database made waits for the disk otherwise.
    await databases.admin(['ALTER SYSTEM SET fsync = off', 'SELECT pg_reload_conf()']);
    return databases;
  }

  /** A database made by the statements, or by the function, and a copy of it: as a restore to this moment would be. */
  async pair(made: string | ((url: string) => Promise<void>)): Promise<Pair> {
    const name = `pair_${this.#count++}`;
    await this.admin([`CREATE DATABASE ${name} OWNER facility_admin`]);
    const url = (database: string): string => `postgres://facility_admin@127.0.0.1:${this.#server.port}/${database}`;
    await (typeof made === 'string' ? run(url(name), [made]) : made(url(name)));
    await this.admin([`CREATE DATABASE ${name}_restored TEMPLATE ${name} OWNER facility_admin`]);
    return { from: url(`${name}_restored`), to: url(name) };
  }

  /** As a superuser, in the database of a URL or in `postgres`. */
  admin(statements: readonly string[], url = this.#server.superuserUrl) {
    return run(asRole(url, 'postgres'), statements);
  }

  /** Starts the server again as a replica that has lost its primary: it answers, and takes no writes. */
  async becomeReplica(): Promise<void> {
    const [row] = await this.admin(['SHOW data_directory']);
    await this.#server.kill();
    writeFileSync(join(row!['data_directory'], 'standby.signal'), '');
    await this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.remove();
  }
}

export const asRole = (url: string, role: string): string => url.replace(/\/\/\w+@/, `//${role}@`);

/** Every row of every table as COPY writes it, by table, whatever the rows' order. */
export async function contentsOf(url: string): Promise<{ readonly [table: string]: readonly string[] }> {
  const session = await Session.open(url, 'production');
  try {
    const contents: { [table: string]: string[] } = {};
    for (const table of (await readCatalogue(session.client)).tables) {
      if (table.kind === 'p') continue;
      let text = '';
      for await (const chunk of session.copyOut(`SELECT * FROM ${relationOf(table)}`)) text += chunk.toString('latin1');
      contents[tableLabel(table)] = text.split('\n').sort();
    }
    return contents;
  } finally {
    session.close();
  }
}
