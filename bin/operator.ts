import { execFile } from 'node:child_process';
import { join } from 'node:path';
import {
  type DBInstance,
  DBInstanceNotFoundFault,
  DescribeDBInstancesCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { until } from '../fixtures/core/until.ts';
import { machineClock } from '../probes/clock.ts';
import type { Ended } from './run-kunren.ts';

/** What an operator works with. */
export interface Desk {
  /** The AWS CLI, as the shell would find it. */
  readonly awsCli: string;
  /** Holds psql and pg_dump. */
  readonly postgresClient: string;
  /** The operator's home folder, in which files are written. */
  readonly home: string;
  readonly region: string;
  /** For what is asked again and again: the AWS CLI takes half a second to start. */
  readonly rds: RDSClient;
  /** The AWS endpoint of the twin. */
  readonly endpoint: string;
  /** Production, as the master user. */
  readonly databaseUrl: string;
}

/** The longest that a program may run, in milliseconds: three polls of the AWS CLI's waiters, which ask every 30 s. */
const PROGRAM_LIMIT_MS = 100_000;

/** How long an instance may take to come or to go at the twin's pace, in milliseconds. Assumed; measured below 5 s. */
const INSTANCE_LIMIT_MS = 60_000;

/** A person at a shell in Japan, who runs a runbook's own commands. A command that fails is an answer, no error. */
export class Operator {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** One command of the AWS CLI; its words, then those that hold spaces. */
  aws(command: string, ...more: string[]): Promise<Ended> {
    const { awsCli, endpoint, region } = this.#desk;
    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_DEFAULT_REGION: region,
    };
    return this.#run(awsCli, [...command.split(/\s+/), ...more], env);
  }

  /** As `aws rds wait db-instance-available`, which looks every 30 s only. */
  async available(instance: string): Promise<void> {
    await until(machineClock, waitFor(`${instance} to be available`), async () =>
      (await this.#described(instance)).DBInstanceStatus === 'available' ? true : undefined,
    );
  }

  /** Until the log of an instance is archived beyond an instant, in milliseconds since 1970. */
  async restorable(instance: string, atMs: number): Promise<void> {
    await until(machineClock, waitFor(`${instance} to be restorable`), async () =>
      Number((await this.#described(instance)).LatestRestorableTime ?? 0) > atMs ? true : undefined,
    );
  }

  /** As `aws rds wait db-instance-deleted`. */
  async gone(instance: string): Promise<void> {
    await until(machineClock, waitFor(`${instance} to be gone`), () =>
      this.#described(instance).then(
        () => undefined,
        (error) => error instanceof DBInstanceNotFoundFault || undefined,
      ),
    );
  }

  /** psql on an instance, by default as its master user. Gives up a connection that nothing answers after 3 s. */
  async psql(instance: string, args: readonly string[], user = this.#url.username): Promise<Ended> {
    return await this.#client('psql', instance, ['-U', user, ...args]);
  }

  /** The only value of one statement. */
  async value(instance: string, sql: string): Promise<string> {
    return done(await this.psql(instance, ['-At', '-c', sql])).trim();
  }

  async pgDump(instance: string, args: readonly string[]): Promise<Ended> {
    return await this.#client('pg_dump', instance, ['-U', this.#url.username, ...args]);
  }

  /** The master user's URL of an instance. */
  async urlOf(instance: string): Promise<string> {
    const { Address, Port } = await this.#endpointOf(instance);
    return Object.assign(new URL(this.#desk.databaseUrl), { host: `${Address}:${Port}` }).href;
  }

  async #client(program: string, instance: string, args: readonly string[]): Promise<Ended> {
    const { Address, Port } = await this.#endpointOf(instance);
    const env = { PGPASSWORD: this.#url.password, PGCONNECT_TIMEOUT: '3' };
    const to = ['-h', Address, '-p', String(Port), '-d', this.#url.pathname.slice(1)];
    return await this.#run(join(this.#desk.postgresClient, program), [...to, ...args], env);
  }

  async #endpointOf(instance: string): Promise<{ Address: string; Port: number }> {
    const { Address, Port } = (await this.#described(instance)).Endpoint!;
    return { Address: Address!, Port: Port! };
  }

  async #described(instance: string): Promise<DBInstance> {
    const answer = await this.#desk.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: instance }));
    return answer.DBInstances![0]!;
  }

  get #url(): URL {
    return new URL(this.#desk.databaseUrl);
  }

  #run(program: string, args: readonly string[], more: { readonly [name: string]: string }): Promise<Ended> {
    const { home } = this.#desk;
    const env = { PATH: process.env['PATH'], HOME: home, TZ: 'Asia/Tokyo', ...more };
    return new Promise((resolve, reject) => {
      execFile(program, args, { cwd: home, env, timeout: PROGRAM_LIMIT_MS }, (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else reject(error);
      });
    });
  }
}

const waitFor = (name: string) => ({
  ...{ name, limitMs: INSTANCE_LIMIT_MS, everyMs: 100 },
  remedy: 'look at the events of RDS.',
});

/** What a command printed, which must have succeeded. */
export function done({ code, stdout, stderr }: Ended): string {
  if (code === 0) return stdout;
  throw new Error(`ended with code ${code}: ${stderr.trim() || stdout.trim()}`);
}
