import { tryUntil } from '../../fixtures/core/until.ts';
import type { Sample } from '../../probes/core/sample.ts';
import type { RecoveryEvidence } from '../../reports/core/evidence.ts';
import { stableSince } from './answers.ts';
import { carryOut, isMistake } from './carry-out.ts';
import type { Running } from './running.ts';
import type { DrillSpec } from './spec.ts';

/**
 * Waits for the system to come back by itself and, when it does not in its time, goes on with the
 * runbook's manual procedure. Both times are kept. Not recovering is a finding, never an error.
 */
export async function recover(running: Running, injectedAtMs: number): Promise<void> {
  const { spec, field, record } = running;
  if (spec.restoration !== undefined) return await restore(running, spec.restoration, injectedAtMs);
  const startedAtMs = injectedAtMs;
  const automatic = await awaitRecovery(running, injectedAtMs, field.patience.automaticMs);
  record.recoveries.push(
    evidence('automatic', 'the system comes back by itself', startedAtMs, automatic, field.clock.nowMs()),
  );
  if (automatic.atMs !== undefined || spec.procedure === undefined) return;
  const procedureStartedAtMs = field.clock.nowMs();
  record.note('kunren', `not back by itself: ${automatic.missing}; procedure: ${spec.procedure.name}`);
  let failure: string | undefined;
  for (const service of field.system.services) {
    try {
      await spec.procedure.run(field, service);
    } catch (error) {
      field.signal.throwIfAborted();
      if (isMistake(error)) throw error;
      failure = error instanceof Error ? error.message : String(error);
    }
  }
  const manual = await awaitRecovery(running, procedureStartedAtMs, field.patience.manualMs);
  const outcome = failure === undefined ? manual : notItsDoing(failure, manual);
  record.recoveries.push(evidence('manual', spec.procedure.name, procedureStartedAtMs, outcome, field.clock.nowMs()));
}

/** What comes back although the procedure failed has not come back by it. */
const notItsDoing = (failure: string, { atMs, missing }: Outcome): Outcome => ({
  atMs: undefined,
  missing: `${failure} ${atMs === undefined ? missing : 'The system came back without it.'}`,
});

/**
 * Carries out the procedure at once: such a system never comes back by itself. It ends when its last step is done and,
 * unless nothing was broken, users are answered stably again.
 */
async function restore(
  running: Running,
  { name, steps }: NonNullable<DrillSpec['restoration']>,
  startedAtMs: number,
): Promise<void> {
  const { spec, field, record } = running;
  const failure = await carryOut(running, steps);
  const endedAtMs = field.clock.nowMs();
  const push = (outcome: Outcome): void => {
    record.recoveries.push(evidence('manual', name, startedAtMs, outcome, field.clock.nowMs()));
  };
  if (failure !== undefined) return push({ atMs: undefined, missing: failure });
  if (spec.exercise) return push({ atMs: endedAtMs, missing: '' });
  const { atMs, missing } = await awaitRecovery(running, startedAtMs, field.patience.manualMs);
  push({ atMs: atMs === undefined ? undefined : Math.max(atMs, endedAtMs), missing });
}

interface Outcome {
  /** When it was recovered; `undefined` when it was not within the limit. */
  readonly atMs: number | undefined;
  readonly missing: string;
}

/**
 * The limit runs only once the database takes writes again (where it can be asked): a service
 * cannot come back before what it stands on. `settleMs` bounds the whole.
 */
async function awaitRecovery(running: Running, sinceMs: number, limitMs: number): Promise<Outcome> {
  const { field } = running;
  let missing = 'nothing was looked at';
  // Proving the fault may have taken longer than the limit: the wait begins now at the earliest.
  const beganMs = Math.max(sinceMs, field.clock.nowMs());
  let deadlineAtMs = Number.POSITIVE_INFINITY;
  const wait = {
    name: 'the system to recover',
    limitMs: field.patience.settleMs,
    everyMs: field.patience.pollMs,
    signal: field.signal,
  };
  const answer = await tryUntil(field.clock, wait, async () => {
    const outcome = await look(running, sinceMs);
    missing = outcome.missing;
    if (outcome.atMs !== undefined) return outcome;
    const databaseBack = databaseSince(running, sinceMs);
    if (databaseBack === undefined) deadlineAtMs = Number.POSITIVE_INFINITY;
    else deadlineAtMs = Math.min(deadlineAtMs, Math.max(databaseBack, beganMs) + limitMs);
    return field.clock.nowMs() > deadlineAtMs ? outcome : undefined;
  });
  return answer ?? { atMs: undefined, missing };
}

async function look(running: Running, sinceMs: number): Promise<Outcome> {
  const { spec, field, prober, planned, stableAnswers } = running;
  let atMs = sinceMs;
  const missing: string[] = [];
  for (const { spec: probe } of planned) {
    const since = stableSince(prober.samples(probe.name), stableAnswers, sinceMs);
    if (since === undefined)
      missing.push(`${probe.name} does not answer stably${lastReason(prober.samples(probe.name))}`);
    else if (prober.samples(probe.name).some((sample) => sample.outcome === 'bad')) atMs = Math.max(atMs, since);
  }
  if (missing.length > 0) return { atMs: undefined, missing: missing.join('; ') };
  for (const condition of spec.recovered) {
    const gaps = await condition.missing(field);
    if (gaps.length > 0) missing.push(...gaps);
    else atMs = Math.max(atMs, field.clock.nowMs());
  }
  return missing.length === 0 ? { atMs, missing: '' } : { atMs: undefined, missing: missing.join('; ') };
}

/** Why its last bad answer was bad. */
function lastReason(samples: readonly Sample[]): string {
  const reason = samples.findLast((sample) => sample.outcome === 'bad')?.reason;
  return reason === undefined ? '' : ` (${reason})`;
}

/** Since when the database takes writes, as it says itself; the beginning where it cannot be asked. */
function databaseSince(running: Running, sinceMs: number): number | undefined {
  const sql = running.planned.find((probe) => probe.evidence.kind === 'sql');
  if (sql === undefined) return sinceMs;
  return stableSince(running.prober.samples(sql.spec.name), 2, sinceMs);
}

function evidence(
  kind: RecoveryEvidence['kind'],
  name: string,
  startedAtMs: number,
  outcome: Outcome,
  nowMs: number,
): RecoveryEvidence {
  const recovered = outcome.atMs !== undefined;
  const tookMs = Math.round((outcome.atMs ?? nowMs) - startedAtMs);
  const detail = recovered ? `${name}: after ${tookMs} ms` : `not within ${tookMs} ms: ${outcome.missing}`;
  return { kind, name, startedAtMs, endedAtMs: outcome.atMs ?? nowMs, recovered, detail };
}
