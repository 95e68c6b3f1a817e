import { probeName, probingOf } from '../../fixtures/core/probing-defaults.ts';
import type { Stage } from '../../fixtures/core/stage.ts';
import type { System, SystemService } from '../../fixtures/core/system.ts';
import { addressOf, bodyOf, requestTo } from '../../fixtures/stages/service-request.ts';
import { dataService, foundRequest } from '../../fixtures/stages/system-data.ts';
import type { ProbeSpec } from '../../probes/core/probe-spec.ts';
import type { ProbeEvidence } from '../../reports/core/evidence.ts';
import { mayWrite } from './guard/canary-consent.ts';

/** Good answers in a row that count as recovered. */
export const stableAnswersOf = ({ probing }: System): number => probingOf(probing).stableAnswers;

/** One probe: what the prober is told, and how the evidence describes it. */
export interface PlannedProbe {
  readonly spec: ProbeSpec;
  readonly evidence: ProbeEvidence;
}

/**
 * The probes of a drill: three kinds for each service, one that asks the database where it can be reached, and where
 * the drill is about rows one that looks for them.
 */
export function planProbes(system: System, stage: Stage, marker: string, watchesRows = false): PlannedProbe[] {
  const planned = system.services.flatMap((service) => serviceProbes(system, stage, service, marker));
  if (watchesRows) planned.push(contentProbe(system, stage));
  const databaseUrl = stage.abilities.databaseUrl;
  if (databaseUrl !== undefined) {
    // Always as often as by default: it costs the service's users nothing.
    const timing = { ...timingOf(system, 'healthIntervalMs'), intervalMs: probingOf().healthIntervalMs };
    planned.push(plan({ kind: 'sql', name: 'database', databaseUrl, ...timing }, 'sql', undefined, true));
  }
  return planned;
}

function serviceProbes(system: System, stage: Stage, service: SystemService, marker: string): PlannedProbe[] {
  const { origin, connectTo } = addressOf(stage, service);
  const health = {
    kind: 'http',
    request: requestTo(origin, { method: 'GET', path: service.health.path, headers: service.health.headers }),
    expectStatus: service.health.status ?? 200,
    ...bodyOf(service.health.body),
    ...connectTo,
    ...timingOf(system, 'healthIntervalMs'),
  } as const;
  const bodyChecked = service.health.body !== undefined;
  const name = probeName(service.name);
  const planned = [
    plan({ ...health, name: `${name}-health-fresh`, connection: 'fresh' }, 'health-fresh', service, bodyChecked),
    plan(
      { ...health, name: `${name}-health-kept-alive`, connection: 'kept-alive' },
      'health-kept-alive',
      service,
      bodyChecked,
    ),
  ];
  const writes = mayWrite(stage, system) ? service.writes : undefined;
  if (writes !== undefined) {
    const spec: ProbeSpec = {
      kind: 'write',
      name: `${name}-writes`,
      marker: `${marker}-${name}`,
      request: requestTo(origin, writes.request),
      readBackUrl: `${origin}${writes.readBack.path}`,
      ...(writes.readBack.headers && { readBackHeaders: writes.readBack.headers }),
      refusedStatuses: writes.refusedStatuses,
      ...connectTo,
      ...timingOf(system, 'writeIntervalMs'),
    };
    planned.push(plan(spec, 'write', service, true));
  }
  return planned;
}

function contentProbe(system: System, stage: Stage): PlannedProbe {
  const service = dataService(system);
  const spec: ProbeSpec = {
    ...foundRequest(system, stage),
    name: `${probeName(service.name)}-rows`,
    ...timingOf(system, 'healthIntervalMs'),
  };
  return plan(spec, 'content', service, true);
}

function plan(
  spec: ProbeSpec,
  kind: ProbeEvidence['kind'],
  service: SystemService | undefined,
  bodyChecked: boolean,
): PlannedProbe {
  const { name, intervalMs, deadlineMs, slowMs } = spec;
  const evidence: ProbeEvidence = {
    name,
    kind,
    ...(service && { service: service.name }),
    intervalMs,
    deadlineMs,
    slowMs,
    file: `${name}.samples.jsonl`,
    ...(kind === 'write' && { ledger: `${name}.ledger.jsonl` }),
    bodyChecked,
  };
  return { spec, evidence };
}

function timingOf({ probing }: System, interval: 'healthIntervalMs' | 'writeIntervalMs') {
  const { [interval]: intervalMs, deadlineMs, slowMs } = probingOf(probing);
  return { intervalMs, deadlineMs, slowMs };
}
