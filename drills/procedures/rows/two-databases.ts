// For contract tests: production and a restored copy of it on one real Postgres, owned by a role that is no superuser.
import { run, type ThrowawayPostgres, throwawayPostgres } from '../../../fixtures/app/throwaway-postgres.ts';

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

  static async start(port: number): Promise<TwoDatabases> {
    return new TwoDatabases(await throwawayPostgres(port, []));
  }

  /** A database made by the statements, and a copy of it: as a restore to this moment would be. */
  async pair(sql: string, role = 'facility_admin'): Promise<Pair> {
    const name = `pair_${this.#count++}`;
    const to = this.url(name, role);
    await this.admin([`CREATE DATABASE ${name} OWNER facility_admin`]);
    await run(this.url(name, 'facility_admin'), [sql]);
    await this.admin([`CREATE DATABASE ${name}_restored TEMPLATE ${name} OWNER facility_admin`]);
    return { from: this.url(`${name}_restored`, role), to };
  }

  url(database: string, role: string): string {
    return `postgres://${role}@127.0.0.1:${this.#server.port}/${database}`;
  }

  admin(statements: readonly string[], url = this.#server.superuserUrl) {
    return run(url, statements);
  }

  /** The same database as a superuser. */
  adminOf(url: string, statements: readonly string[]) {
    return run(url.replace(/\/\/\w+@/, '//postgres@'), statements);
  }

  stop(): Promise<void> {
    return this.#server.remove();
  }
}
