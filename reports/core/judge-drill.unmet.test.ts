import { describe, expect, test } from 'vitest';
import {
  ANSWERS,
  DRAWN_SCENARIO,
  drawnEvidence,
  drawnFacts,
  drawnLedger,
  drawnPresent,
  drawnProbe,
  drawnSeries,
  drawnSeriesOf,
} from './drawn.ts';
import type { DrillFacts } from './drill-facts.ts';
import type { DrillEvidence, RecoveryEvidence } from './evidence.ts';
import { judgeDrill } from './judge-drill.ts';

const GOOD = '#'.repeat(40);
const judge = (evidence: Partial<DrillEvidence> = {}, changes: Partial<DrillFacts> = {}) =>
  judgeDrill(drawnFacts(evidence, changes)).result;
const scenario = (changes: Partial<typeof DRAWN_SCENARIO>) => ({ scenarios: [{ ...DRAWN_SCENARIO, ...changes }] });
const answers = (health: string, orders = ANSWERS) => ({ series: drawnSeriesOf(health, orders) });
const fault = drawnEvidence().fault;
const { rpoMs: _, ...DRAWN_WITHOUT_RPO } = DRAWN_SCENARIO;
const fell: RecoveryEvidence = {
  kind: 'automatic',
  name: 'by itself',
  startedAtMs: 1_000,
  endedAtMs: 2_500,
  recovered: false,
};

describe('what is never a pass', () => {
  const cases: [string, Partial<DrillEvidence>, Partial<DrillFacts>, string, RegExp][] = [
    ['it was not run', { notRun: 'no ability' }, {}, 'not-run', /^no ability$/],
    ['the harness ended it', { undecided: 'stopped' }, {}, 'unknown', /^stopped$/],
    [
      'no proof of the fault',
      { fault: { ...fault, proof: 'not-observed', why: 'same zone' } },
      {},
      'unknown',
      /^fault not observed: same zone$/,
    ],
    [
      'nothing injected',
      { fault: { ...fault, proof: 'not-injected', why: 'call failed' } },
      {},
      'unknown',
      /fault not observed: call failed/,
    ],
    [
      'no instant of injection',
      { fault: { name: 'f', blastRadius: 'b', proof: 'proved', why: 'w' } },
      {},
      'unknown',
      /no instant/,
    ],
    [
      'steady state failed',
      { phases: [{ phase: 'steady-state', startedAtMs: 0, endedAtMs: 1, outcome: 'failed', detail: '503' }] },
      {},
      'unknown',
      /steady-state failed: 503/,
    ],
    ['an unknown scenario', { scenarios: ['other'] }, {}, 'unknown', /no scenario "other"/],
    ['no scenario', { scenarios: [] }, {}, 'unknown', /no objective to judge by/],
    ['no calibration', {}, { calibrationHolds: false }, 'unknown', /calibration does not hold/],
    ['no series', {}, { series: new Map() }, 'unknown', /health recorded no answer at all/],
    ['no probes', { probes: [] }, {}, 'unknown', /no probe asked what users ask/],
    [
      'only the database was asked',
      { probes: [drawnProbe('health', 'sql')] },
      {},
      'unknown',
      /no probe asked what users ask/,
    ],
    ['all slots missed', {}, answers('_'.repeat(40)), 'unknown', /health recorded no answer/],
    [
      'nothing sent after the fault',
      {},
      answers(`###########${'_'.repeat(29)}`),
      'unknown',
      /coverage of probe health was 3 %/,
    ],
    [
      'a prober that died at the fault',
      {},
      answers('###########', '###########'),
      'unknown',
      /coverage of probe health was/,
    ],
    ['too many slots missed', {}, answers('###########....._...####_###############'), 'unknown', /coverage/],
    [
      'not steady longer before the fault, when the kit had looked already',
      {},
      answers('##.########.........####################'),
      'unknown',
      /not steady before the fault \(connect ECONNREFUSED\)/,
    ],
    [
      'down before the fault',
      {},
      answers('#########..........#####################'),
      'unknown',
      /not steady before the fault \(connect ECONNREFUSED\)/,
    ],
    ['no answer before the fault', {}, answers(`__________${GOOD.slice(10)}`), 'unknown', /no answer before the fault/],
    [
      'never recovered',
      {},
      { ...answers(`###########${'.'.repeat(29)}`), ...scenario({ downtimeMs: 60_000 }) },
      'unknown',
      /recovery time was not seen to end/,
    ],
    ['no recovery awaited', { recoveries: [] }, answers(GOOD, GOOD), 'unknown', /recovery time was not measured/],
    [
      'a check unknown',
      { checks: [{ ...drawnEvidence().checks[0]!, outcome: 'unknown', seen: 'timed out' }] },
      {},
      'unknown',
      /not known whether the zone has changed \(timed out\)/,
    ],
    [
      'a check failed',
      { checks: [{ ...drawnEvidence().checks[0]!, outcome: 'no', seen: 'same' }] },
      {},
      'missed',
      /not so: the zone has changed \(same\)/,
    ],
    [
      'a function fails',
      { functions: [{ service: 'api', name: 'search', outcome: 'bad', seen: 'HTTP 500' }] },
      {},
      'missed',
      /"search" does not work after recovery \(HTTP 500\)/,
    ],
    [
      'slower than promised',
      {},
      scenario({ rtoMs: 500 }),
      'missed',
      /recovery time 790 ms to 1.01 s, over the objective of 500 ms/,
    ],
    [
      'limit between the bounds',
      {},
      scenario({ downtimeMs: 900 }),
      'unknown',
      /straddles the objective of 900 ms: probe more often/,
    ],
    [
      'did not come back',
      { recoveries: [fell] },
      {},
      'missed',
      /did not come back by itself in 1.5 s; no manual procedure/,
    ],
    [
      'people brought it back',
      {
        recoveries: [
          fell,
          { kind: 'manual', name: 'force deploy', startedAtMs: 2_500, endedAtMs: 3_000, recovered: true },
        ],
      },
      {},
      'missed',
      /come back by itself in 1.5 s; the manual procedure "force deploy" took 500 ms/,
    ],
    [
      'the manual recovery failed',
      { recoveries: [{ ...fell, kind: 'manual' }] },
      scenario({ recovery: 'manual', rtoMs: 1_000 }),
      'missed',
      /at least 1.48 s, not seen to end, over the objective of 1 s/,
    ],
    [
      'a lost write',
      { readBack: [{ probe: 'orders', present: [0, 1, 2] }] },
      {},
      'missed',
      /28 of 31 acknowledged writes were lost/,
    ],
    [
      'a lost write, badly watched',
      { readBack: [{ probe: 'orders', present: [0] }] },
      { calibrationHolds: false },
      'missed',
      /writes were lost/,
    ],
    ['no read-back', { readBack: [] }, {}, 'unknown', /could not be read back: it was not tried/],
    [
      'read-back failed',
      { readBack: [{ probe: 'orders', why: 'HTTP 503' }] },
      {},
      'unknown',
      /could not be read back: HTTP 503/,
    ],
    [
      'the writes of another service than the one that was hurt',
      { fault: { ...fault, service: 'billing' } },
      {},
      'unknown',
      /^data loss is not known: no write probe of billing, whose task was hurt$/,
    ],
    [
      'a lost write of another service than the one that was hurt',
      { fault: { ...fault, service: 'billing' }, readBack: [{ probe: 'orders', present: [0] }] },
      {},
      'missed',
      /30 of 31 acknowledged writes were lost/,
    ],
    ['no write probe', { probes: [drawnProbe('health', 'health-fresh')] }, {}, 'unknown', /no write probe/],
    [
      'an empty ledger',
      {},
      { series: drawnSeriesOf(ANSWERS, ANSWERS, '') },
      'unknown',
      /ledger of probe orders is empty/,
    ],
    [
      'nothing acknowledged',
      { readBack: [{ probe: 'orders', present: [] }] },
      { series: drawnSeriesOf(ANSWERS, ANSWERS, 'rrrrr') },
      'unknown',
      /no write of probe orders was acknowledged, so none could be lost/,
    ],
    [
      'nothing acknowledged before the fault',
      { readBack: [{ probe: 'orders', present: [11, 12, 13] }] },
      { series: drawnSeriesOf(ANSWERS, ANSWERS, 'rrrrrrrrrrraaa') },
      'unknown',
      /acknowledged before the fault, so none/,
    ],
    [
      'lost writes that no objective speaks of',
      { readBack: [{ probe: 'orders', present: drawnPresent('a'.repeat(9)) }] },
      { scenarios: [DRAWN_WITHOUT_RPO] },
      'unknown',
      /^22 of 31 acknowledged writes were lost, and no objective says how much may be$/,
    ],
    [
      'a damaged ledger',
      {},
      {
        series: new Map([
          ...drawnSeriesOf(),
          ['orders', drawnSeries(ANSWERS, [...drawnLedger('a'), ...drawnLedger('a')])],
        ]),
      },
      'unknown',
      /contradicts an earlier one/,
    ],
  ];
  test.each(cases)('%s', (_name, evidence, changes, verdict, why) => {
    const result = judge(evidence, changes);
    expect(result.why).toMatch(why);
    expect(result.verdict).toBe(verdict);
  });
});
