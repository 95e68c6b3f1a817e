import type { RangeMs } from '../../probes/core/sample.ts';
import type { DrillFacts } from './drill-facts.ts';
import { cameBackJudgement } from './drill-verdict.ts';
import type { OutageFacts, ProbeFinding } from './probe-finding.ts';
import { recoveryTime } from './recovery-time.ts';
import type { ObjectiveResult } from './result.ts';
import { type Judgement, judgeRange, worstVerdict } from './verdict.ts';
import { judgeDataLoss, writtenData } from './written-data.ts';

type Promise = Pick<ObjectiveResult, 'scenario' | 'name' | 'limitMs'>;
type Judged = Pick<ObjectiveResult, 'measured' | 'verdict' | 'why'>;

/** What the drill is judged by: its scenarios' objectives, or for the control that nothing went wrong. */
export function promises({ evidence, scenarios }: DrillFacts): Promise[] {
  if (evidence.expectsNoOutage) {
    const scenario = evidence.drillId;
    const writes = evidence.probes.some((probe) => probe.kind === 'write');
    return [
      { scenario, name: 'no outage', limitMs: 0 },
      ...(writes ? [{ scenario, name: 'RPO' as const, limitMs: 0 }] : []),
    ];
  }
  return scenarios
    .filter((scenario) => evidence.scenarios.includes(scenario.id))
    .flatMap(({ id: scenario, rtoMs, rpoMs, downtimeMs }) => [
      ...(rtoMs === undefined ? [] : [{ scenario, name: 'RTO' as const, limitMs: rtoMs }]),
      ...(rpoMs === undefined ? [] : [{ scenario, name: 'RPO' as const, limitMs: rpoMs }]),
      ...(downtimeMs === undefined ? [] : [{ scenario, name: 'downtime' as const, limitMs: downtimeMs }]),
    ]);
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
      'no outage': () => judgeNoOutage(findings, barrier),
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
  const stayedDown = cameBackJudgement({ ...facts, scenarios })[0];
  const timed = barrier
    ? unwatched(barrier)
    : judgeWorst(findings, promise.limitMs, 'recovery time', (finding) => recoveryTime(facts.evidence, finding));
  return stayedDown ? { ...timed, ...stayedDown } : timed;
}

function judgeDowntime(findings: readonly ProbeFinding[], limitMs: number, barrier: string | null): Judged {
  if (barrier) return unwatched(barrier);
  return judgeWorst(findings, limitMs, 'downtime', ({ probe, outage }) =>
    outage === null ? null : { range: timeNotServed(outage), restsOn: `probe ${probe.name}` },
  );
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
  const written = writtenData(facts.evidence, findings);
  const judgement = judgeDataLoss(written, limitMs);
  // Lost rows are a fact whatever the prober missed; that none was lost needs writes that were really made.
  if (judgement.verdict === 'met' && barrier) return unwatched(barrier);
  return { ...judgement, measured: judgement.verdict === 'unknown' ? null : (written?.lossMs ?? null) };
}

function judgeNoOutage(findings: readonly ProbeFinding[], barrier: string | null): Judged {
  const watched = findings.filter((finding) => finding.userFacing);
  const worst = watched.toSorted((a, b) => b.reading.bad - a.reading.bad)[0];
  if (worst && worst.reading.bad > 0) {
    const reason = worst.series.samples.find((sample) => sample.outcome === 'bad')?.reason ?? 'bad';
    const why = `an outage was seen although nothing was broken: ${worst.reading.bad} bad answers (probe ${worst.probe.name}, ${reason})`;
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
