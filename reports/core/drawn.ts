import type { LedgerEntry } from '../../probes/core/ledger.ts';
import type { MissedSlot, Sample } from '../../probes/core/sample.ts';
import type { DrillFacts } from './drill-facts.ts';
import type { DrillEvidence, ProbeEvidence } from './evidence.ts';
import type { Series } from './probe-finding.ts';
import type { ScenarioSnapshot } from './run-document.ts';

/** Evidence for tests, made from drawings. `#` good, `~` slow, `.` bad, `_` missed; one sign each 100 ms. */
export const DRAWN_INTERVAL_MS = 100;
const ANSWER_MS = 10;

export function drawnSeries(drawing: string, ledger: readonly LedgerEntry[] = []): Series {
  const samples: Sample[] = [];
  const missed: MissedSlot[] = [];
  for (const [k, sign] of [...drawing].entries()) {
    const dueAtMs = k * DRAWN_INTERVAL_MS;
    const sent = { k, dueAtMs, sentAtMs: dueAtMs, answeredAtMs: dueAtMs + ANSWER_MS };
    if (sign === '_') missed.push({ k, dueAtMs, missed: true });
    else if (sign === '.') samples.push({ ...sent, outcome: 'bad', reason: 'connect ECONNREFUSED' });
    else samples.push({ ...sent, outcome: sign === '~' ? 'slow' : 'good' });
  }
  return { samples, missed, ledger };
}

/** Write number n as the n-th sign: `a` acknowledged, `r` refused, `i` indeterminate; every 100 ms from 0. */
export function drawnLedger(drawing: string): LedgerEntry[] {
  const states = { a: 'acknowledged', r: 'refused', i: 'indeterminate' } as const;
  return [...drawing].flatMap((sign, n): LedgerEntry[] => {
    const state = states[sign as keyof typeof states];
    const atMs = n * DRAWN_INTERVAL_MS;
    return [
      { n, reference: `drawn-${String(n).padStart(6, '0')}`, state: 'intended', atMs },
      { n, state, atMs: atMs + ANSWER_MS },
    ];
  });
}

export function drawnProbe(name: string, kind: ProbeEvidence['kind']): ProbeEvidence {
  return {
    name,
    kind,
    service: 'api',
    intervalMs: DRAWN_INTERVAL_MS,
    deadlineMs: 1_000,
    slowMs: 500,
    file: `${name}.jsonl`,
    ...(kind === 'write' && { ledger: `${name}.ledger.jsonl` }),
    bodyChecked: true,
  };
}

export const DRAWN_SCENARIO: ScenarioSnapshot = {
  id: 'failover',
  title: { en: 'Database failover', ja: 'データベースの切替' },
  level: 2,
  recovery: 'automatic',
  source: 'scenario 2',
  checklist: [
    { id: 'switched', text: { en: 'The database has switched', ja: '切り替わった' } },
    { id: 'downtime', text: { en: 'Downtime measured', ja: '停止時間を測定した' } },
    { id: 'runbook-updated', text: { en: 'Runbook updated', ja: '手順書更新' }, by: 'person' },
  ],
  rtoMs: 5_000,
  rpoMs: 0,
  downtimeMs: 2_000,
};

/** A failover at 1 s that recovered at 2 s and was watched until 4 s. Any part can be replaced. */
export function drawnEvidence(changes: Partial<DrillEvidence> = {}): DrillEvidence {
  return {
    schemaVersion: 1,
    drillId: 'database-failover',
    title: { en: 'The database fails over to its standby', ja: 'データベースが待機系に切り替わる' },
    scenarios: ['failover'],
    expectsNoOutage: false,
    stage: { kind: 'twin', provenance: 'rehearsal' },
    clock: {
      startedAtMs: 0,
      wallStartedAt: '2026-04-05T02:00:00.000Z',
      endedAtMs: 4_500,
      wallEndedAt: '2026-04-05T02:00:04.500Z',
      wallStepMs: 0,
    },
    fault: {
      name: 'forced failover',
      blastRadius: 'one database',
      injectedAtMs: 1_000,
      injectAnsweredAtMs: 1_020,
      proof: 'proved',
      why: 'the zone changed from ap-northeast-1a to ap-northeast-1c',
    },
    phases: [
      { phase: 'steady-state', startedAtMs: 0, endedAtMs: 1_000, outcome: 'done' },
      { phase: 'inject', startedAtMs: 1_000, endedAtMs: 1_020, outcome: 'done' },
      { phase: 'recover', startedAtMs: 1_020, endedAtMs: 2_000, outcome: 'done' },
      { phase: 'stable', startedAtMs: 2_000, endedAtMs: 3_900, outcome: 'done' },
    ],
    timeline: [{ atMs: 1_500, source: 'rds event', text: 'Multi-AZ instance failover started.' }],
    probes: [drawnProbe('health', 'health-fresh'), drawnProbe('orders', 'write')],
    stableAnswers: 3,
    readBack: [{ probe: 'orders', present: drawnPresent(LEDGER) }],
    recoveries: [
      {
        kind: 'automatic',
        name: 'the system comes back by itself',
        startedAtMs: 1_000,
        endedAtMs: 2_000,
        recovered: true,
      },
    ],
    checks: [
      {
        id: 'switched',
        claim: { en: 'the zone has changed', ja: 'AZ が変わった' },
        outcome: 'yes',
        seen: 'ap-northeast-1a → ap-northeast-1c',
      },
    ],
    functions: [{ service: 'api', name: 'list orders', outcome: 'good', seen: 'HTTP 200' }],
    warnings: [],
    residual: ['the roles of the two zones are swapped'],
    truth: { databaseRecoveryMs: 700, serviceDowntimeMs: 850, postmasterStartTimeChanged: true, azSwapped: true },
    ...changes,
  };
}

/** Answers and writes that go with `drawnEvidence`: bad from 1.1 s to 1.9 s. */
export const ANSWERS = '###########.........####################';
const LEDGER = 'aaaaaaaaaaaiiiiiiiiiaaaaaaaaaaaaaaaaaaaa';

/** The numbers of the acknowledged writes of a drawing. */
export function drawnPresent(drawing: string): number[] {
  return [...drawing].flatMap((sign, n) => (sign === 'a' ? [n] : []));
}

export function drawnSeriesOf(health = ANSWERS, orders = ANSWERS, ledger = LEDGER): Map<string, Series> {
  return new Map([
    ['health', drawnSeries(health)],
    ['orders', drawnSeries(orders, drawnLedger(ledger))],
  ]);
}

/** What `drawnEvidence` is judged with. Any part can be replaced. */
export function drawnFacts(evidence: Partial<DrillEvidence> = {}, changes: Partial<DrillFacts> = {}): DrillFacts {
  return {
    evidence: drawnEvidence(evidence),
    series: drawnSeriesOf(),
    scenarios: [DRAWN_SCENARIO],
    calibrationHolds: true,
    ...changes,
  };
}
