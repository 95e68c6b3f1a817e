import type { Stage } from '../../fixtures/core/stage.ts';
import type { SystemService } from '../../fixtures/core/system.ts';
import { tryUntil } from '../../fixtures/core/until.ts';
import { addressOf, bodyOf, requestTo } from '../../fixtures/stages/service-request.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { HttpProbeSpec } from '../../probes/core/probe-spec.ts';
import { askOnce } from '../../probes/http-probe.ts';
import type { DrillEvidence } from '../../reports/core/evidence.ts';
import { stableSince } from './answers.ts';
import type { Running } from './running.ts';

/** Every probe must answer right for the stated time, and every function once; else nothing is injected. */
export async function holdSteady(running: Running): Promise<void> {
  const { field, prober, planned, stableAnswers } = running;
  // A fault that always came at the same point of the probes' intervals would always be measured alike.
  const jitterMs = field.random() * Math.max(...planned.map(({ spec }) => spec.intervalMs));
  // Long enough for a request that hangs to be given up, and for as many answers as count as stable.
  const seenMs = Math.max(
    ...planned.map(({ spec }) =>
      Math.max(spec.deadlineMs + 2 * spec.intervalMs, spec.intervalMs * (stableAnswers + 3)),
    ),
  );
  const heldMs = Math.max(field.patience.steadyMs, seenMs) + jitterMs;
  await field.clock.sleep(heldMs, field.signal);
  // A prober that was held up for a moment gets more time; a bad answer ends it at once.
  const wait = { name: 'a steady state', limitMs: heldMs + field.patience.noticeMs, everyMs: field.patience.pollMs };
  const steady = await tryUntil(field.clock, { ...wait, signal: field.signal }, () => {
    const bad = firstBad(running);
    if (bad !== undefined) return bad;
    const stable = planned.every(({ spec }) => stableSince(prober.samples(spec.name), stableAnswers, 0) !== undefined);
    return stable ? 'steady' : undefined;
  });
  if (steady === undefined) throw notSteady(`not every probe had ${stableAnswers} right answers in a row`);
  if (steady !== 'steady') throw notSteady(steady);
  const broken = (await askFunctions(running)).find((asked) => asked.outcome === 'bad');
  if (broken !== undefined) throw notSteady(`function ${broken.name} of ${broken.service}: ${broken.seen}`);
}

function firstBad({ planned, prober }: Running): string | undefined {
  for (const { spec } of planned) {
    const bad = prober.samples(spec.name).find((sample) => sample.outcome === 'bad');
    if (bad !== undefined) return `probe ${spec.name} had a bad answer (${bad.reason ?? 'no reason'})`;
  }
  return undefined;
}

const notSteady = (what: string): KunrenError =>
  new KunrenError(
    'steady-state-not-held',
    `The steady state did not hold before the fault: ${what}.`,
    'check the health path, the body rule and the functions in the config against the running system.',
  );

/** Asks each of the system's own functions once. */
export async function askFunctions(running: Running): Promise<DrillEvidence['functions']> {
  const { system, stage } = running.field;
  const asked = system.services.flatMap((service) =>
    service.functions
      .filter(({ request }) => isAsked(stage, request))
      .map(async (one) => {
        const sample = await askOnce(functionProbe(running, service, one));
        const outcome = sample.outcome === 'bad' ? ('bad' as const) : ('good' as const);
        const tookMs = Math.round(sample.answeredAtMs - sample.sentAtMs);
        const seen = sample.outcome === 'bad' ? (sample.reason ?? 'bad answer') : `as expected in ${tookMs} ms`;
        return { service: service.name, name: one.name.en, outcome, seen };
      }),
  );
  return await Promise.all(asked);
}

/** Whether a function is asked: of a real system only one that leaves it as it is, by what its method means in HTTP. */
export const isAsked = ({ kind }: Pick<Stage, 'kind'>, { method }: { readonly method: string }): boolean =>
  kind !== 'aws' || method === 'GET' || method === 'HEAD';

function functionProbe(
  running: Running,
  service: SystemService,
  one: SystemService['functions'][number],
): HttpProbeSpec {
  const { origin, connectTo } = addressOf(running.field.stage, service);
  return {
    kind: 'http',
    name: 'function',
    connection: 'fresh',
    request: requestTo(origin, one.request),
    expectStatus: one.expect.status,
    ...bodyOf(one.expect.body),
    ...connectTo,
    intervalMs: 1_000,
    deadlineMs: 5_000,
    slowMs: 5_000,
  };
}
