import type { RangeMs } from '../../probes/core/sample.ts';
import type { DrillFacts } from './drill-facts.ts';
import { cameBackJudgement, procedureJudgement } from './drill-verdict.ts';
import { durationText } from './duration-text.ts';
import type { Exposure } from './evidence.ts';
import { isExercise, offsetNote, restoresRows } from './exercise.ts';
import type { OutageFacts, ProbeFinding } from './probe-finding.ts';
import { practiceTime, recoveryTime } from './recovery-time.ts';
import type { ObjectiveResult } from './result.ts';
import { type Judgement, judgeRange, worstVerdict } from './verdict.ts';
import { judgeCanaries, judgeDataLoss, writtenData } from './written-data.ts';

type Promise = Pick<ObjectiveResult, 'scenario' | 'name' | 'limitMs' | 'borrowedFrom'>;
type Judged = Pick<ObjectiveResult, 'measured' | 'exposure' | 'verdict' | 'why'>;

/**
 * What the drill is judged by: its scenarios' objectives, or for the control that nothing went wrong. An exercise must
 * not be noticed either.
 */
export function promises({ evidence, scenarios }: DrillFacts): Promise[] {
  if (evidence.expectsNoOutage) {
    const scenario = evidence.drillId;
    const writes = evidence.probes.some((probe) => probe.kind === 'write');
    return [
      { scenario, name: 'no outage', limitMs: 0 },
      ...(writes ? [{ scenario, name: 'RPO' as const, limitMs: 0 }] : []),
    ];
  }
  const own = scenarios
    .filter((scenario) => evidence.scenarios.includes(scenario.id))
    .flatMap(({ id: scenario, borrowedFrom, rtoMs, rpoMs, downtimeMs }) => {
      const base = { scenario, ...(borrowedFrom && { borrowedFrom }) };
      return [
        ...(rtoMs === undefined ? [] : [{ ...base, name: 'RTO' as const, limitMs: rtoMs }]),
        ...(rpoMs === undefined ? [] : [{ ...base, name: 'RPO' as const, limitMs: rpoMs }]),
        ...(downtimeMs === undefined ? [] : [{ ...base, name: 'downtime' as const, limitMs: downtimeMs }]),
      ];
    });
  const unnoticed = { scenario: evidence.drillId, name: 'no outage' as const, limitMs: 0 };
  return isExercise(evidence) ? [...own, unnoticed] : own;
}

/** `barrier` says why no length of time can be judged; `null` when all can. */
export function judgeObjectives(
  facts: DrillFacts,
  findings: readonly ProbeFinding[],
  barrier: string | null,
): ObjectiveResult[] {
  return promises(facts).map((promise) => {
    const judged = {
      RTO: () => judgeRto(facts, findings, promise, barrier),
      RPO: () => judgeRpo(facts, findings, promise.limitMs, barrier),
      downtime: () => judgeDowntime(findings, promise.limitMs, barrier),
      'no outage': () => judgeNoOutage(facts.evidence, findings, barrier),
    }[promise.name]();
    return { ...promise, ...judged };
  });
}

function judgeRto(
  facts: DrillFacts,
  findings: readonly ProbeFinding[],
  promise: Promise,
  barrier: string | null,
): Judged {
  const scenarios = facts.scenarios.filter((scenario) => scenario.id === promise.scenario);
  if (isExercise(facts.evidence)) return judgePractice(facts.evidence, promise.limitMs);
  const stayedDown = cameBackJudgement({ ...facts, scenarios })[0];
  const timed = barrier
    ? unwatched(barrier)
    : judgeWorst(findings, promise.limitMs, 'recovery time', (finding) => recoveryTime(facts.evidence, finding));
  if (stayedDown) return { ...timed, ...stayedDown };
  // What is over its limit by time alone says more than that the procedure failed.
  return timed.verdict === 'missed' ? timed : { ...timed, ...procedureJudgement(facts.evidence)[0] };
}

/** How long the procedure took that was practised: nobody waited for it, so no probe tells. */
function judgePractice(evidence: DrillFacts['evidence'], limitMs: number): Judged {
  const failed = procedureJudgement(evidence)[0];
  if (failed !== undefined) return { ...failed, measured: null };
  const measured = practiceTime(evidence);
  return { ...judgeRange('time of the procedure', measured, limitMs), measured };
}

function judgeDowntime(findings: readonly ProbeFinding[], limitMs: number, barrier: string | null): Judged {
  if (barrier) return unwatched(barrier);
  return judgeWorst(findings, limitMs, 'downtime', ({ probe, outage }) =>
    outage === null ? null : { range: timeNotSeenServed(outage, limitMs), restsOn: `probe ${probe.name}` },
  );
}

/** With the outages that may have hidden where nothing was sent, when those decide. */
function timeNotSeenServed(outage: OutageFacts, limitMs: number): RangeMs {
  const seen = timeNotServed(outage);
  // Where no answer was bad, what was seen is the longest of the holes itself.
  const allMs = outage.badSamples === 0 ? outage.unseenMs : (seen.msMax ?? 0) + outage.unseenMs;
  const msMax = seen.msMax === null ? null : Math.max(seen.msMax, allMs);
  return msMax !== null && msMax > limitMs ? { ...seen, msMax } : seen;
}

/** Time in which not all were served. Partly down counts against the objective, and never for a certain miss. */
export function timeNotServed({ down, partial }: OutageFacts): RangeMs {
  const open = down.msMax === null || partial.msMax === null;
  return { msMin: down.msMin, msMax: open ? null : down.msMax + partial.msMax };
}

function judgeRpo(
  facts: DrillFacts,
  findings: readonly ProbeFinding[],
  limitMs: number,
  barrier: string | null,
): Judged {
  const { exposure } = facts.evidence;
  const loss = judgeMeasuredLoss(facts, findings, limitMs, barrier);
  const measured = { ...loss, why: `${loss.why}${offsetNote(facts.evidence, 'rpo')}` };
  return exposure === undefined ? measured : { ...withExposure(measured, exposure, limitMs), exposure };
}

function judgeMeasuredLoss(
  { evidence }: DrillFacts,
  findings: readonly ProbeFinding[],
  limitMs: number,
  barrier: string | null,
): Judged {
  const users = writtenData(evidence, findings, 'write');
  // What users write beside rows that are restored was never restored: it shows nothing of them, and none may be lost.
  const judgements = restoresRows(evidence)
    ? [judgeCanaries(writtenData(evidence, findings, 'canary'), limitMs), judgeDataLoss(users, 0)]
    : [judgeDataLoss(users, limitMs), ...unwrittenService(evidence)];
  const verdict = worstVerdict(judgements.map((one) => one.verdict));
  // Lost rows are a fact whatever the prober missed; that none was lost needs writes that were really made.
  if (verdict === 'met' && barrier) return unwatched(barrier);
  const why = judgements.find((one) => one.verdict === verdict)?.why ?? '';
  const measured = writtenData(evidence, findings)?.lossMs ?? null;
  return { verdict, why, measured: verdict === 'unknown' ? null : measured };
}

/** The writes of one service show nothing of those that another one's task had in its hands. */
function unwrittenService({ fault: { service }, probes }: DrillFacts['evidence']): Judgement[] {
  if (service === undefined || probes.some((probe) => probe.kind === 'write' && probe.service === service)) return [];
  return [{ verdict: 'unknown', why: `data loss is not known: no write probe of ${service}, whose task was hurt` }];
}

/**
 * Two figures, never merged: what was lost in this run, and what can be by the schedule. The worse one decides and is
 * told first; of two that are judged alike, the longer.
 */
function withExposure(measured: Judged, { ms, rule }: Exposure, limitMs: number): Judged {
  const limit = durationText(limitMs);
  const schedule =
    ms <= limitMs
      ? `by the schedule at most ${durationText(ms)}, within ${limit} (${rule})`
      : `by the schedule up to ${durationText(ms)}, over the objective of ${limit} (${rule})`;
  const bySchedule = ms <= limitMs ? 'met' : 'missed';
  const verdict = worstVerdict([measured.verdict, bySchedule]);
  const longer = ms > (measured.measured?.msMax ?? Number.POSITIVE_INFINITY);
  const scheduleFirst = measured.verdict === bySchedule ? longer : verdict === bySchedule;
  const seen = `measured: ${measured.why}`;
  return { ...measured, verdict, why: scheduleFirst ? `${schedule}; ${seen}` : `${seen}; ${schedule}` };
}

function judgeNoOutage(
  evidence: DrillFacts['evidence'],
  findings: readonly ProbeFinding[],
  barrier: string | null,
): Judged {
  const watched = findings.filter((finding) => finding.userFacing);
  const worst = watched.toSorted((a, b) => b.reading.bad - a.reading.bad)[0];
  if (worst && worst.reading.bad > 0) {
    const reason = worst.series.samples.find((sample) => sample.outcome === 'bad')?.reason ?? 'bad';
    const what = isExercise(evidence)
      ? 'the exercise disturbed the running system'
      : 'an outage was seen although nothing was broken';
    const why = `${what}: ${worst.reading.bad} bad answers (probe ${worst.probe.name}, ${reason})`;
    return { verdict: 'missed', why, measured: worst.outage && timeNotServed(worst.outage) };
  }
  if (barrier || !worst) return unwatched(barrier ?? 'no probe asked what users ask');
  const sent = watched.reduce((sum, { reading }) => sum + reading.sent, 0);
  const resolutions = watched.map(({ outage }) => outage?.resolutionMs ?? null);
  const msMax = resolutions.some((ms) => ms === null) ? null : Math.max(...resolutions.map((ms) => ms ?? 0));
  return { verdict: 'met', why: `no bad answer in ${sent} probes`, measured: { msMin: 0, msMax } };
}

function unwatched(why: string): Judged {
  return { verdict: 'unknown', why, measured: null };
}

/** Judges every probe that stands for users, and answers with the one that comes out worst, by name. */
function judgeWorst(
  findings: readonly ProbeFinding[],
  limitMs: number,
  what: string,
  measure: (finding: ProbeFinding) => { readonly range: RangeMs; readonly restsOn: string } | null,
): Judged {
  const judged = findings
    .filter((finding) => finding.userFacing)
    .map((finding) => {
      const seen = measure(finding);
      const { verdict, why }: Judgement = judgeRange(what, seen?.range ?? null, limitMs);
      return { verdict, why: seen ? `${why} (${seen.restsOn})` : why, measured: seen?.range ?? null };
    });
  const verdict = worstVerdict(judged.map((one) => one.verdict));
  const worst = judged.filter((one) => one.verdict === verdict).sort((a, b) => worseFirst(a.measured, b.measured));
  return worst[0] ?? unwatched(`${what} was not measured: no probe asked what users ask`);
}

/** Orders ranges by their upper bound, then by their lower; what was not seen to end is the longest. */
export function worseFirst(a: RangeMs | null, b: RangeMs | null): number {
  return longest(b) - longest(a) || (b?.msMin ?? 0) - (a?.msMin ?? 0);
}

function longest(range: RangeMs | null): number {
  if (range === null) return -1;
  return range.msMax ?? Number.MAX_VALUE;
}
