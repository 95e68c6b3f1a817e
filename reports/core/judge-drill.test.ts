import { describe, expect, test } from 'vitest';
import {
  ANSWERS,
  DRAWN_SCENARIO,
  drawnEvidence,
  drawnFacts,
  drawnLedger,
  drawnSeries,
  drawnSeriesOf,
} from './drawn.ts';
import type { DrillFacts } from './drill-facts.ts';
import type { DrillEvidence } from './evidence.ts';
import { judgeDrill } from './judge-drill.ts';

const GOOD = '#'.repeat(40);
const judge = (evidence: Partial<DrillEvidence> = {}, changes: Partial<DrillFacts> = {}) =>
  judgeDrill(drawnFacts(evidence, changes)).result;
const scenario = (changes: Partial<typeof DRAWN_SCENARIO>) => ({ scenarios: [{ ...DRAWN_SCENARIO, ...changes }] });
const answers = (health: string, orders = ANSWERS) => ({ series: drawnSeriesOf(health, orders) });

test('a drill that kept every objective is met, and names its tightest figure', () => {
  const result = judge();
  expect(result.verdict).toBe('met');
  expect(result.why).toBe('downtime 790 ms to 1.01 s, within 2 s (probe health); 2 others met too');
  expect(result.measured).toEqual({
    downtimeMsMin: 790,
    downtimeMsMax: 1_010,
    partialMsMin: 0,
    partialMsMax: 0,
    degradedMs: 0,
    recoveryTimeMsMin: 790,
    recoveryTimeMsMax: 1_010,
    writesAcknowledged: 31,
    writesLost: 0,
    writesIndeterminate: 9,
    dataLossMsMin: 0,
    dataLossMsMax: 0,
  });
});

test('an outage that no probe saw lasts no longer than the prober can resolve, nor less than the recovery', () => {
  const result = judge({}, answers(GOOD, GOOD));
  expect(result.verdict).toBe('met');
  expect(result.measured).toMatchObject({
    downtimeMsMin: 0,
    downtimeMsMax: 110,
    recoveryTimeMsMin: 0,
    recoveryTimeMsMax: 1_000,
  });
});

test('a partial outage counts against the downtime objective, and never for a certain miss', () => {
  const mixed = answers('###########.#.#.#.#.####################', '###########.#.#.#.#.####################');
  expect(judge({}, mixed).objectives.find(({ name }) => name === 'downtime')).toMatchObject({ verdict: 'met' });
  const strict = judge({}, { ...mixed, ...scenario({ downtimeMs: 500 }) });
  expect(strict.objectives.find(({ name }) => name === 'downtime')).toMatchObject({
    verdict: 'unknown',
    measured: { msMin: 0 },
  });
});

test('the probe that suffered most decides, and is named', () => {
  const result = judge({}, answers('###########..........................####'));
  expect(result.why).toContain('(probe health)');
  expect(result.verdict).toBe('missed');
});

test('none was lost of the writes of the service whose task was hurt', () => {
  expect(judge({ fault: { ...drawnEvidence().fault, service: 'api' } }).verdict).toBe('met');
});

test('data loss in time is judged as a range', () => {
  const lost = {
    readBack: [{ probe: 'orders', present: drawnLedger('aaaaaaaaaa').flatMap(({ n }) => (n < 8 ? [n] : [])) }],
  };
  const ledger = { series: drawnSeriesOf(ANSWERS, ANSWERS, 'aaaaaaaaaa') };
  const verdictFor = (rpoMs: number) =>
    judge(lost, { ...ledger, ...scenario({ rpoMs }) }).objectives.find(({ name }) => name === 'RPO');
  expect(verdictFor(300)).toMatchObject({ verdict: 'met', measured: { msMin: 190, msMax: 290 } });
  expect(verdictFor(200)).toMatchObject({ verdict: 'unknown' });
  expect(verdictFor(100)).toMatchObject({ verdict: 'missed' });
});

describe('the control', () => {
  const control: Partial<DrillEvidence> = {
    drillId: 'no-fault',
    expectsNoOutage: true,
    scenarios: [],
    fault: { name: 'no fault', blastRadius: 'none', proof: 'not-injected', why: 'nothing is broken' },
    recoveries: [],
    readBack: [{ probe: 'orders', present: Array.from({ length: 40 }, (_, n) => n) }],
  };
  const series = (health: string) => ({ series: drawnSeriesOf(health, GOOD, 'a'.repeat(40)) });
  test.each([
    ['no bad answer', GOOD, 'met', /no bad answer in 80 probes/],
    ['one bad answer', `####.${GOOD.slice(5)}`, 'missed', /an outage was seen although nothing was broken: 1 bad/],
    ['a bad first answer', `.${GOOD.slice(1)}`, 'missed', /an outage was seen/],
    ['no answers', '', 'unknown', /no answer at all/],
    ['a prober that died', '####', 'unknown', /coverage/],
    ['slots missed', `######____${GOOD.slice(10)}`, 'unknown', /coverage of probe health was 90 %/],
  ])('%s', (_name, health, verdict, why) => {
    const result = judge(control, series(health));
    expect(result.why).toMatch(why);
    expect(result.verdict).toBe(verdict);
  });
  test('with no drawing at all is not met', () => {
    expect(judge({ ...control, phases: [] }, { series: new Map() }).verdict).toBe('unknown');
  });
  test('with two answers in all is not met', () => {
    const two = new Map([
      ['health', drawnSeries('##')],
      ['orders', drawnSeries('##', drawnLedger('aa'))],
    ]);
    expect(judge({ ...control, phases: [] }, { series: two }).why).toMatch(/only 2 answers/);
  });
});

test('that no write was lost is not known either when the prober was not there', () => {
  const { objectives } = judge({}, { calibrationHolds: false });
  expect(objectives.map(({ name, verdict, measured }) => [name, verdict, measured])).toEqual([
    ['RTO', 'unknown', null],
    ['RPO', 'unknown', null],
    ['downtime', 'unknown', null],
  ]);
});
