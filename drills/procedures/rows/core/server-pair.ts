import { KunrenError } from '../../../../probes/core/error.ts';

/** What decides whether a server can give rows, or take them. */
export interface ServerFacts {
  /** Database and address, for people. */
  readonly label: string;
  /** Major version. */
  readonly version: number;
  readonly inRecovery: boolean;
  readonly readOnly: boolean;
  /** Any but `origin` leaves foreign keys unchecked. */
  readonly replicationRole: string;
}

/** Refuses a pair of servers between which rows cannot be brought back. */
export function refuseUnlikeServers(restored: ServerFacts, production: ServerFacts): void {
  const refusal = refusalOf(restored, production);
  if (refusal !== undefined) throw new KunrenError(...refusal);
}

function refusalOf(
  restored: ServerFacts,
  production: ServerFacts,
): [code: string, problem: string, remedy: string] | undefined {
  if (production.inRecovery)
    return [
      'target-is-replica',
      `Production ${production.label} is a replica: it takes no writes.`,
      'give the URL of the primary as --to.',
    ];
  if (production.readOnly)
    return [
      'target-read-only',
      `Production ${production.label} is read-only (default_transaction_read_only).`,
      'make it writable, or give the database that takes writes as --to.',
    ];
  if (restored.inRecovery)
    return [
      'source-in-recovery',
      `The restored database ${restored.label} is still being restored, or is a replica.`,
      'wait until it is available, or promote it.',
    ];
  if (restored.version !== production.version)
    return [
      'versions-differ',
      `The restored database runs Postgres ${restored.version} and production ${production.version}.`,
      'restore into the same major version.',
    ];
  if (production.replicationRole !== 'origin')
    return [
      'foreign-keys-off',
      `This role's session_replication_role is ${production.replicationRole} in production: foreign keys would not be checked.`,
      'connect as a role that leaves it at origin.',
    ];
  return undefined;
}
