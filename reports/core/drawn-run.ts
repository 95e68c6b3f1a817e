import {
  DRAWN_SCENARIO,
  drawnEvidence,
  drawnFacts,
  drawnLedger,
  drawnPresent,
  drawnProbe,
  drawnSeries,
  drawnSeriesOf,
} from './drawn.ts';
import type { DrillEvidence } from './evidence.ts';
import { judgeDrill } from './judge-drill.ts';
import type { SeriesByProbe } from './probe-finding.ts';
import type { DrillRecord, RunDocument, SystemSnapshot } from './run-document.ts';

/** A small run for tests of the renderers: one drill of every verdict, and values that need escaping. */
export interface DrawnRun {
  readonly document: RunDocument;
  readonly series: ReadonlyMap<string, SeriesByProbe>;
}

const SYSTEM: SystemSnapshot = {
  name: 'sample',
  title: { en: 'Sample & Sons <facilities>', ja: '設備管理システム' },
  timeZone: 'Asia/Tokyo',
  regions: { primary: 'ap-northeast-1', recovery: 'ap-northeast-3' },
  runbook: { title: 'DR手順書', version: '1.0' },
  people: [
    { role: { en: 'SRE', ja: 'SRE（当番）' }, duty: { en: 'performs', ja: '復旧作業の実施' }, name: 'A | B' },
    { role: { en: 'Approver', ja: '承認者' }, duty: { en: 'approves', ja: '承認' } },
  ],
  levels: [{ level: 2, title: { en: 'Zone failure', ja: 'AZ障害' }, rtoMs: 300_000, rpoMs: 0 }],
  scenarios: [
    DRAWN_SCENARIO,
    {
      id: 'region-loss',
      title: { en: 'Loss of a region', ja: 'リージョン障害' },
      level: 3,
      recovery: 'manual',
      source: 'scenario 4',
      checklist: [],
      rtoMs: 14_400_000,
      rpoMs: 3_600_000,
    },
    {
      id: 'rows-deleted',
      title: { en: 'Deletion by mistake', ja: 'データ誤削除' },
      level: 1,
      recovery: 'manual',
      source: 'scenario 3',
      checklist: [{ id: 'rto', text: { en: 'Within the hour', ja: '1時間以内' } }],
      rtoMs: 3_600_000,
    },
    {
      id: 'restore-exercise',
      title: { en: 'Restore to a point in time', ja: 'ポイントインタイム復元' },
      level: 1,
      recovery: 'manual',
      source: 'drill 2',
      checklist: [{ id: 'restored', text: { en: 'Restored', ja: '復元した' } }],
      borrowedFrom: 'region-loss',
      rtoMs: 14_400_000,
      rpoMs: 3_600_000,
    },
  ],
};

const STEP_NAMES = {
  chosen: { en: 'The state is chosen', ja: '時点を選んだ' },
  restored: { en: 'It is restored', ja: '復元した' },
};

interface DrawnDrill {
  readonly evidence: Partial<DrillEvidence>;
  readonly health: string;
  /** Answers of the probe that looks for the deleted rows; canaries were written among them. */
  readonly rows?: string;
}

const UNHARMED = '#'.repeat(40);

const CANARIES = { ...drawnProbe('canaries', 'canary'), ledger: 'canaries.ledger.jsonl' };

/** Rows were deleted at 1 s; they were restored beside production, and not all of them could be brought back. */
const ROWS_DELETED: DrawnDrill = {
  evidence: {
    drillId: 'rows-deleted',
    title: { en: 'Rows deleted by mistake are brought back', ja: '誤って削除された行を戻す' },
    scenarios: ['rows-deleted'],
    fault: { ...drawnEvidence().fault, name: 'mistaken delete', why: 'users were answered without the rows' },
    probes: [...drawnEvidence().probes, drawnProbe('rows', 'content'), CANARIES],
    readBack: [
      { probe: 'orders', present: drawnPresent('a'.repeat(40)) },
      { probe: 'canaries', present: [0, 1, 2, 3, 4, 5, 6, 7] },
    ],
    recoveries: [
      {
        ...{ kind: 'manual', name: 'restore, and bring the rows back', startedAtMs: 1_000, endedAtMs: 2_500 },
        ...{ recovered: false, detail: 'not within 1500 ms: The rows are back: 10 were left alone' },
      },
    ],
    steps: [
      {
        name: { en: 'The deletion is found', ja: '削除時刻を特定した' },
        ...{ startedAtMs: 1_000, endedAtMs: 1_400, outcome: 'done', detail: '02:00:01 in the log' },
      },
      {
        name: { en: 'The rows are back', ja: '行を戻した' },
        ...{ startedAtMs: 1_400, endedAtMs: 2_500, outcome: 'failed', detail: '10 were left alone' },
      },
      {
        name: { en: 'The data is compared', ja: 'データを照合した' },
        ...{ startedAtMs: 2_500, endedAtMs: 2_500, outcome: 'skipped', detail: 'not reached' },
      },
    ],
    exposure: { ms: 300_000, rule: 'the log is archived every 5 min' },
    checks: [],
    residual: [],
  },
  health: UNHARMED,
  rows: '###########.............................',
};

const DRILLS: readonly DrawnDrill[] = [
  {
    evidence: {
      drillId: 'no-fault',
      title: { en: 'Nothing is broken, and no outage is seen', ja: '何も壊さなければ停止は観測されない' },
      expectsNoOutage: true,
      scenarios: [],
      fault: { name: 'no fault', blastRadius: 'none', proof: 'not-injected', why: 'nothing is broken' },
      recoveries: [],
      residual: [],
      readBack: [{ probe: 'orders', present: drawnPresent('a'.repeat(40)) }],
    },
    health: UNHARMED,
  },
  { evidence: {}, health: '###########.........~~##################' },
  {
    evidence: {
      drillId: 'task-kill',
      title: { en: 'A killed task is replaced', ja: '停止したタスクが置き換わる' },
      recoveries: [
        {
          kind: 'automatic',
          name: 'the system comes back by itself',
          startedAtMs: 1_000,
          endedAtMs: 2_500,
          recovered: false,
          detail: 'running 1 of 2 | <script>alert("1")</script>',
        },
        { kind: 'manual', name: 'force a new deployment', startedAtMs: 2_500, endedAtMs: 3_200, recovered: true },
      ],
      residual: [],
      functions: [],
      warnings: ['a value with `ticks` and [a link](http://example.com)'],
    },
    health: '###########.#.#.#.#.#.#.#_#.#.##########',
  },
  {
    evidence: {
      drillId: 'zone-stopped',
      title: { en: 'A drill ends when it hurts too much', ja: '影響が大きすぎれば訓練を中止する' },
      guardRails: [
        { rule: 'account', outcome: 'held', seen: 'account 123456789012, arn:aws:iam::123456789012:role/<drills>' },
        { rule: 'maintenance-window', outcome: 'waived', seen: 'wednesday 12:40 in Asia/Tokyo: the | owner watches' },
        { rule: 'alarms-quiet', outcome: 'not-applicable', seen: 'the config names no alarm' },
      ],
      stopped: { by: 'stopIf.alarms: orders-5xx is in ALARM', atMs: 3_000 },
      experiment: {
        ...{ id: 'EXP1', templateId: 'EXT1', state: 'stopped', reason: 'Experiment halted by stop condition' },
        ...{ targets: [{ name: 'tasks', resolved: 2 }], dryRun: 'done' },
      },
      calls: [
        {
          ...{ at: '2026-04-05T02:00:01.000Z', service: 'fis', operation: 'StartExperiment', region: 'ap-northeast-1' },
          ...{ requestId: 'r-1', status: 200, attempts: 2 },
        },
      ],
      stageClockSkewMs: { min: -120, max: 310 },
      recoveries: [],
      checks: [],
      residual: [],
    },
    health: '###########.............................',
  },
  {
    evidence: {
      drillId: 'failover-nop',
      title: { en: 'A reboot call that does nothing is noticed', ja: '何も起きない再起動に気付く' },
      fault: { ...drawnEvidence().fault, proof: 'not-observed', why: 'the zone is still ap-northeast-1a' },
      checks: [],
      residual: [],
    },
    health: UNHARMED,
  },
  {
    evidence: {
      drillId: 'restore',
      title: { en: 'The database is restored to an hour ago', ja: '1時間前の時点に復元する' },
      scenarios: ['restore-exercise'],
      exercise: true,
      fault: { name: 'nothing', blastRadius: 'none', proof: 'not-injected', why: 'a procedure was practised' },
      probes: [...drawnEvidence().probes, CANARIES],
      recoveries: [
        { kind: 'manual', name: 'restore', startedAtMs: 1_000, endedAtMs: 2_200, recovered: true, detail: 'restored' },
      ],
      steps: [
        {
          name: STEP_NAMES.chosen,
          ...{ startedAtMs: 1_000, endedAtMs: 1_050, outcome: 'done', detail: 'the state of <one hour ago>' },
        },
        {
          name: STEP_NAMES.restored,
          ...{ startedAtMs: 1_050, endedAtMs: 2_200, outcome: 'done', detail: 'db-restored took a write' },
        },
        {
          name: { en: 'It is deleted', ja: '削除した' },
          ...{ startedAtMs: 3_900, endedAtMs: 4_100, outcome: 'done', detail: 'it is gone' },
        },
      ],
      exposure: { ms: 300_000, rule: 'the log is archived every 5 min' },
      attachments: [{ file: 'integrity.json', title: { en: 'Comparison of the data', ja: 'データの照合結果' } }],
      clockOffset: { ms: 3_900_000, restsOn: ['rpo', 'restored'] },
      checks: [
        { id: 'chosen', claim: STEP_NAMES.chosen, outcome: 'yes', seen: 'the state of <one hour ago>' },
        { id: 'restored', claim: STEP_NAMES.restored, outcome: 'yes', seen: 'db-restored took a write' },
      ],
      residual: [],
      readBack: [
        { probe: 'orders', present: drawnPresent('a'.repeat(40)) },
        { probe: 'canaries', present: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
      ],
    },
    health: UNHARMED,
  },
  ROWS_DELETED,
  {
    evidence: {
      drillId: 'region-rebuild',
      title: { en: 'The system is rebuilt in another region', ja: '別リージョンに再構築する' },
      scenarios: ['region-loss'],
      notRun: 'the stage has no second region',
    },
    health: '',
  },
];

/** `drills`: how many of the drawn drills, from the first; all when it is left out. */
export function drawnRun(drills = DRILLS.length): DrawnRun {
  const series = new Map<string, SeriesByProbe>();
  const records = DRILLS.slice(0, drills).map(({ evidence, health, rows }): DrillRecord => {
    const unharmed = evidence.expectsNoOutage || evidence.exercise || rows;
    const recorded = unharmed ? drawnSeriesOf(health, health, 'a'.repeat(40)) : drawnSeriesOf(health);
    if (rows) recorded.set('rows', drawnSeries(rows));
    if (evidence.probes?.includes(CANARIES)) recorded.set('canaries', drawnSeries('', drawnLedger('a'.repeat(10))));
    const facts = drawnFacts(evidence, { series: recorded, scenarios: SYSTEM.scenarios });
    series.set(facts.evidence.drillId, recorded);
    return { evidence: facts.evidence, ...judgeDrill(facts) } as DrillRecord;
  });
  const document: RunDocument = {
    schemaVersion: 1,
    run: {
      schemaVersion: 1,
      runId: '20260405-020000-ab12',
      toolVersion: '0.1.0',
      startedAt: '2026-04-05T02:00:00.000Z',
      endedAt: '2026-04-05T02:01:00.000Z',
      stage: { kind: 'twin', provenance: 'rehearsal' },
      seed: 1,
      spoiled: false,
      calibration: { trueMs: 600, measured: { msMin: 500, msMax: 710 }, holds: true },
      host: { node: 'v24.0.0', platform: 'linux-x64', postgres: 'PostgreSQL 18' },
    },
    system: SYSTEM,
    drills: records,
    integrity: {
      manifest: 'matches',
      differences: [],
      files: [{ path: 'drills/no-fault/evidence.json', sha256: 'ab'.repeat(32), bytes: 1_234 }],
    },
  };
  return { document, series };
}
