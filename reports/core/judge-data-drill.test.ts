import fc from 'fast-check';
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
import type { DrillEvidence } from './evidence.ts';
import { judgeDrill } from './judge-drill.ts';
import type { ScenarioSnapshot } from './run-document.ts';
import { worstVerdict } from './verdict.ts';

const GOOD = '#'.repeat(40);
const ALL_WRITES = 'a'.repeat(40);

const SCENARIO: ScenarioSnapshot = {
  ...DRAWN_SCENARIO,
  ...{ id: 'rows-deleted', recovery: 'manual', checklist: [], rtoMs: 5_000, rpoMs: 1_000 },
};
delete (SCENARIO as { downtimeMs?: number }).downtimeMs;

const MANUAL = {
  kind: 'manual',
  name: 'bring the rows back',
  startedAtMs: 1_000,
  endedAtMs: 2_500,
  recovered: true,
} as const;

/** Rows vanish at 1 s and are back at 2 s; canaries were acknowledged every 100 ms until then, and the last two are lost. */
function judge(
  changes: Partial<DrillEvidence> = {},
  { rows = ANSWERS, health = GOOD, scenario = SCENARIO, users = ALL_WRITES } = {},
) {
  const canary = { ...drawnProbe('canaries', 'canary'), ledger: 'canaries.ledger.jsonl' };
  const evidence: Partial<DrillEvidence> = {
    ...{ scenarios: [SCENARIO.id], recoveries: [MANUAL], residual: [] },
    probes: [...drawnEvidence().probes, drawnProbe('rows', 'content'), canary],
    readBack: [
      { probe: 'orders', present: drawnPresent(users) },
      { probe: 'canaries', present: [0, 1, 2, 3, 4, 5, 6, 7] },
    ],
    ...changes,
  };
  const series = drawnSeriesOf(health, GOOD, ALL_WRITES);
  series.set('rows', drawnSeries(rows));
  series.set('canaries', drawnSeries('', drawnLedger('aaaaaaaaaa')));
  return judgeDrill(drawnFacts(evidence, { series, scenarios: [scenario] })).result;
}

const of = (result: ReturnType<typeof judge>, name: string) => result.objectives.find((one) => one.name === name);

describe('rows that were destroyed', () => {
  test('recovery is the end of the procedure, and the loss counts back from the fault', () => {
    const result = judge();
    expect(result.verdict).toBe('met');
    expect(of(result, 'RTO')).toMatchObject({ verdict: 'met', measured: { msMin: 790, msMax: 1_500 } });
    expect(of(result, 'RPO')).toMatchObject({ verdict: 'met', measured: { msMin: 190, msMax: 290 } });
    expect(of(result, 'RPO')?.why).toContain('2 of 10 acknowledged writes were lost');
  });

  test.each([
    {
      what: 'a write of its users is lost',
      users: 'a'.repeat(20) + 'i'.repeat(20),
      why: /20 of 40 acknowledged writes were lost/,
    },
  ])('whatever the RPO, it is missed when $what', ({ users, why }) => {
    const result = judge({}, { users });
    expect(of(result, 'RPO')).toMatchObject({ verdict: 'missed', why: expect.stringMatching(why) });
    expect(result.verdict).toBe('missed');
  });

  test('a procedure that failed is missed, by the reason of its step', () => {
    const why = 'The deleted rows are back: 10 were left alone';
    const result = judge({
      recoveries: [{ ...MANUAL, recovered: false, detail: why }],
      checks: [
        { id: 'rows-back', claim: { en: 'rows are back', ja: '戻した' }, outcome: 'no', seen: '10 were left alone' },
      ],
    });
    expect(result.verdict).toBe('missed');
    expect(result.why).toContain('10 were left alone');
  });

  const STEP = { startedAtMs: 1_000, endedAtMs: 2_000, detail: '10 were left alone' } as const;
  const failed = { name: { en: 'the rows are back', ja: '戻した' }, ...STEP, outcome: 'failed' } as const;

  test('a procedure that failed is missed by its step alone, without a check of its own', () => {
    const result = judge({ recoveries: [{ ...MANUAL, recovered: false, detail: 'not within 1 s' }], steps: [failed] });
    expect(result).toMatchObject({ verdict: 'missed', why: 'not so: the rows are back (10 were left alone)' });
    expect(of(result, 'RTO')).toMatchObject({ verdict: 'missed', measured: { msMax: null }, why: result.why });
  });

  test('a procedure whose steps were all done and that did not bring its users back is missed', () => {
    const detail = 'rows: not found';
    const result = judge({ recoveries: [{ ...MANUAL, recovered: false, detail }], steps: [] });
    expect(result).toMatchObject({
      verdict: 'missed',
      why: '"bring the rows back" did not recover it: rows: not found',
    });
  });

  test('a step that failed after the recovery keeps the drill from being met', () => {
    const late = { ...failed, startedAtMs: 3_000, endedAtMs: 3_100 };
    const result = judge({ steps: [late] });
    expect(of(result, 'RTO')?.verdict).toBe('met');
    expect(result).toMatchObject({ verdict: 'missed', why: 'not so: the rows are back (10 were left alone)' });
  });

  test('without an objective of time, a procedure that failed is still missed', () => {
    const scenario = { ...SCENARIO };
    delete (scenario as { rtoMs?: number }).rtoMs;
    const result = judge({ recoveries: [{ ...MANUAL, recovered: false, detail: 'refused' }] }, { scenario });
    expect(result).toMatchObject({ verdict: 'missed', why: expect.stringContaining('refused') });
  });

  test('without canaries among them, what users wrote elsewhere shows nothing of them', () => {
    const probes = [...drawnEvidence().probes, drawnProbe('rows', 'content')];
    const readBack = [{ probe: 'orders', present: drawnPresent(ALL_WRITES) }];
    const result = judge({ probes, readBack });
    expect(of(result, 'RPO')).toMatchObject({ verdict: 'unknown', measured: null });
    expect(result).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('no numbered write') });
    const half = [{ probe: 'orders', present: drawnPresent(`${'a'.repeat(20)}${'i'.repeat(20)}`) }];
    expect(of(judge({ probes, readBack: half }), 'RPO')).toMatchObject({ verdict: 'missed' });
  });

  test.each([
    { outcome: 'done', verdict: 'met' },
    { outcome: 'failed', verdict: 'missed' },
    { outcome: 'skipped', verdict: 'unknown' },
  ] as const)('a step that was $outcome makes it $verdict, whatever the recovery says', ({ outcome, verdict }) => {
    const name = { en: 'The database is deleted', ja: '削除した' };
    const steps = [{ name, startedAtMs: 2_600, endedAtMs: 2_700, outcome, detail: 'a detail' }];
    expect(judge({ steps }).verdict).toBe(verdict);
  });

  test('canaries that could not be read back show no loss and no pass', () => {
    const present = drawnPresent(ALL_WRITES);
    const result = judge({
      readBack: [
        { probe: 'orders', present },
        { probe: 'canaries', why: 'nobody answered' },
      ],
    });
    expect(of(result, 'RPO')).toMatchObject({ verdict: 'unknown', why: expect.stringContaining('nobody answered') });
  });
});

describe('what can be lost by the schedule', () => {
  test.each([
    {
      ms: 900,
      present: [0, 1, 2, 3, 4, 5, 6, 7],
      verdict: 'met',
      why: /^by the schedule at most 900 ms, within 1 s .*; measured: 2 of 10 .*within 1 s/,
    },
    {
      ms: 100,
      present: [0, 1, 2, 3, 4, 5, 6, 7],
      verdict: 'met',
      why: /^measured: 2 of 10 .*within 1 s; by the schedule at most 100 ms/,
    },
    {
      ms: 300_000,
      present: [0, 1, 2, 3, 4, 5, 6, 7],
      verdict: 'missed',
      why: /^by the schedule up to 5 min, over .*; measured: 2 of 10/,
    },
    { ms: 900, present: [0], verdict: 'unknown', why: /^measured: .*by the schedule at most 900 ms/ },
  ])('$ms ms decides when it is the worse: $verdict', ({ ms, present, verdict, why }) => {
    const users = { probe: 'orders', present: drawnPresent(ALL_WRITES) };
    const exposure = { ms, rule: 'the log is archived now and then' };
    const limit = present.length === 1 ? { ...SCENARIO, rpoMs: 950 } : SCENARIO;
    const result = judge({ exposure, readBack: [users, { probe: 'canaries', present }] }, { scenario: limit });
    expect(of(result, 'RPO')).toMatchObject({ exposure, verdict, why: expect.stringMatching(why) });
  });

  test('it never makes a verdict better', () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), (ms, present) => {
        const readBack = [
          { probe: 'orders', present: drawnPresent(ALL_WRITES) },
          { probe: 'canaries', present },
        ];
        const without = of(judge({ readBack }), 'RPO')!.verdict;
        const beside = of(judge({ readBack, exposure: { ms, rule: 'a rule' } }), 'RPO')!.verdict;
        expect(worstVerdict([without, beside])).toBe(beside);
      }),
    );
  });
});

describe('an exercise', () => {
  const exercise: Partial<DrillEvidence> = {
    ...{ exercise: true, recoveries: [{ ...MANUAL, startedAtMs: 1_000, endedAtMs: 3_000 }] },
    fault: { name: 'none', blastRadius: 'none', proof: 'not-injected', why: 'nothing is broken' },
    readBack: [
      { probe: 'orders', present: drawnPresent(ALL_WRITES) },
      { probe: 'canaries', present: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    ],
  };

  test('is timed by its procedure and needs no fault', () => {
    const result = judge(exercise, { rows: GOOD });
    expect(result.verdict).toBe('met');
    expect(of(result, 'RTO')).toMatchObject({ verdict: 'met', measured: { msMin: 2_000, msMax: 2_000 } });
    expect(of(result, 'no outage')).toMatchObject({ scenario: 'database-failover', verdict: 'met' });
  });

  test('that disturbs the running system is missed', () => {
    const result = judge(exercise, { rows: GOOD, health: '###########.........####################' });
    expect(of(result, 'no outage')).toMatchObject({
      verdict: 'missed',
      why: expect.stringMatching(/^the exercise disturbed the running system: 9 bad answers/),
    });
    expect(result.verdict).toBe('missed');
  });

  test('whose procedure failed is missed, and one without a procedure unknown', () => {
    const failed = { ...MANUAL, recovered: false, detail: 'the restore was refused' };
    const missed = judge({ ...exercise, recoveries: [failed] }, { rows: GOOD });
    expect(of(missed, 'RTO')).toMatchObject({
      verdict: 'missed',
      why: expect.stringContaining('the restore was refused'),
    });
    const none = judge({ ...exercise, recoveries: [] }, { rows: GOOD });
    const unknown = { verdict: 'unknown', why: 'no procedure was carried out' };
    expect(none).toMatchObject(unknown);
    expect(of(none, 'RTO')).toMatchObject(unknown);
  });

  test('is not met by the running system alone: not by its writes, nor by users who noticed nothing', () => {
    const readBack = exercise.readBack!.slice(0, 1);
    const probes = [...drawnEvidence().probes, drawnProbe('rows', 'content')];
    const unread = judge({ ...exercise, probes, readBack }, { rows: GOOD });
    expect(of(unread, 'RPO')).toMatchObject({ verdict: 'unknown' });
    expect(unread.verdict).toBe('unknown');
    const { rtoMs: _, rpoMs: __, ...unpromised } = SCENARIO;
    expect(judge(exercise, { rows: GOOD, scenario: unpromised })).toMatchObject({
      ...{ verdict: 'unknown', why: 'there is no objective to judge by' },
    });
  });

  test('that was not watched is unknown', () => {
    const result = judge(exercise, { rows: GOOD, health: '###########_____________________________' });
    expect(result.verdict).toBe('unknown');
  });

  test('borrows objectives by name, and says what rests on a declared history', () => {
    const scenario = { ...SCENARIO, borrowedFrom: 'accidental-delete' };
    const clockOffset = { ms: 3_900_000, restsOn: ['rpo', 'switched'] };
    const result = judge({ ...exercise, clockOffset }, { rows: GOOD, scenario });
    expect(of(result, 'RTO')).toMatchObject({ borrowedFrom: 'accidental-delete' });
    expect(result.why).toContain('; objectives borrowed from "accidental-delete"');
    expect(of(result, 'RPO')?.why).toContain('rests on a declared clock offset of 1 h 5 min');
    expect(result.checks[0]?.seen).toContain('rests on a declared clock offset');
  });
});
