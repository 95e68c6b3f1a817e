import { join } from 'node:path';
import type { Field } from '../../fixtures/core/fault.ts';
import { probingOf } from '../../fixtures/core/probing-defaults.ts';
import { addressOf, requestTo } from '../../fixtures/stages/service-request.ts';
import { dataOf, dataService } from '../../fixtures/stages/system-data.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { WriteProbeSpec } from '../../probes/core/probe-spec.ts';
import { openLineFile } from '../../probes/line-file.ts';
import { writeProbe } from '../../probes/write-probe.ts';
import type { ProbeEvidence } from '../../reports/core/evidence.ts';

/** Numbered writes whose fate shows which state was restored. */
export interface Canaries {
  readonly spec: WriteProbeSpec;
  readonly evidence: ProbeEvidence;
  readonly ledgerPath: string;
}

const EVERY_MS = 150;

/**
 * Writes `count` canaries through the service, one after the other, 150 ms and an answer's time apart; each is in the
 * ledger before it is sent.
 */
export async function writeCanaries(field: Field, name: string, count: number): Promise<Canaries> {
  const canaries = canariesOf(field, name);
  const ledger = openLineFile(canaries.ledgerPath);
  const probe = writeProbe(canaries.spec, (entry) => ledger.append(entry));
  try {
    for (let n = 0; n < count; n++) {
      const sample = await probe.ask(n, field.clock.nowMs());
      if (sample.outcome === 'bad') throw notWritten(n, sample.reason);
      await field.clock.sleep(EVERY_MS, field.signal);
    }
  } finally {
    await ledger.close();
  }
  return canaries;
}

const notWritten = (n: number, reason = 'no reason'): KunrenError =>
  new KunrenError(
    'steady-state-not-held',
    `Canary ${n} was not written and found again before the fault (${reason}).`,
    'check `data.canary` in the config, and writes.readBack of the service, against the running system.',
  );

/** What writes a drill's canaries of that name, and where its ledger lies. */
export function canariesOf(
  { system, stage, runId, drillId, directory }: Pick<Field, 'system' | 'stage' | 'runId' | 'drillId' | 'directory'>,
  name: string,
): Canaries {
  const service = dataService(system);
  const { origin, connectTo } = addressOf(stage, service);
  const { deadlineMs } = probingOf(system.probing);
  const readBack = service.writes?.readBack;
  if (readBack === undefined) {
    throw new KunrenError('no-read-back', `Service ${service.name} describes no writes.`, 'describe `writes` for it.');
  }
  const spec: WriteProbeSpec = {
    kind: 'write',
    name,
    marker: `kunren-${runId}-${drillId}-${name}`,
    request: requestTo(origin, dataOf(system).canary),
    readBackUrl: `${origin}${readBack.path}`,
    ...(readBack.headers && { readBackHeaders: readBack.headers }),
    refusedStatuses: service.writes?.refusedStatuses ?? [],
    ...connectTo,
    intervalMs: EVERY_MS,
    ...{ deadlineMs, slowMs: deadlineMs },
  };
  const ledger = `${name}.ledger.jsonl`;
  const { intervalMs, slowMs } = spec;
  const evidence: ProbeEvidence = {
    ...{ name, kind: 'canary', service: service.name, intervalMs, deadlineMs, slowMs },
    ...{ file: `${name}.samples.jsonl`, ledger, bodyChecked: true },
  };
  return { spec, evidence, ledgerPath: join(directory, ledger) };
}
