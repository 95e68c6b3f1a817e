import { connect } from 'node:net';
import { addressOf } from '../../../fixtures/stages/service-request.ts';
import { failureReason } from '../../../probes/core/answer.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import type { Guarded } from './guarded.ts';
import { held, type RuleOutcome } from './refusal.ts';

/** How long making a connection may take, in milliseconds. Assumed: far above what it takes to a host that answers. */
const CONNECT_MS_MAX = 5_000;

/** What users and the database are asked from here is reached from here: else an outage would only be ours. */
export async function vantageRule({ field }: Guarded): Promise<RuleOutcome> {
  const hosts = hostsOf(field);
  await Promise.all(hosts.map(reach));
  return held(`reached ${hosts.map(({ host, port }) => `${host}:${port}`).join(', ')}`);
}

interface Host {
  readonly host: string;
  readonly port: number;
}

function hostsOf({ system, stage }: Guarded['field']): Host[] {
  const services = system.services.map((service) => {
    const { origin, connectTo } = addressOf(stage, service);
    const { address, port } = connectTo.connectTo ?? { address: new URL(origin).hostname, port: 443 };
    return { host: address, port };
  });
  const { databaseUrl } = stage.abilities;
  if (databaseUrl === undefined) return services;
  const { hostname, port } = new URL(databaseUrl);
  return [...services, { host: hostname, port: Number(port || 5432) }];
}

async function reach({ host, port }: Host): Promise<void> {
  const socket = connect({ host, port, signal: AbortSignal.timeout(CONNECT_MS_MAX) });
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  } catch (cause) {
    throw new KunrenError(
      'vantage',
      `vantage cannot reach ${host}:${port} (${failureReason(cause)}): nothing could be measured from here.`,
      'run it inside the VPC, e.g. from a task or a bastion in its subnets.',
      { cause },
    );
  } finally {
    socket.destroy();
  }
}
