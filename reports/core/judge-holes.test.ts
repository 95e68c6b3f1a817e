import { expect, test } from 'vitest';
import { DRAWN_SCENARIO, drawnEvidence, drawnFacts, drawnSeriesOf } from './drawn.ts';
import { judgeDrill } from './judge-drill.ts';

// Watched for 40 s after an outage of 0.8 s; answers may take 1 s, and one is asked for every 100 ms.
const OUTAGE = `###########.........${'#'.repeat(180)}`;
const [, , , stable] = drawnEvidence().phases;
const phases = [...drawnEvidence().phases.slice(0, 3), { ...stable!, endedAtMs: 39_900 }];

function judge(missed: number, limits: { rtoMs?: number; downtimeMs?: number } = {}) {
  const drawing = `${OUTAGE}${'_'.repeat(missed)}${'#'.repeat(200 - missed)}`;
  const scenarios = [{ ...DRAWN_SCENARIO, ...limits }];
  return judgeDrill(drawnFacts({ phases }, { series: drawnSeriesOf(drawing, drawing), scenarios })).result;
}

test('a hole in which a longer outage than was measured has room is not met, however well the rest was watched', () => {
  expect(judge(16, { rtoMs: 60_000, downtimeMs: 60_000 })).toMatchObject({
    verdict: 'unknown',
    why: 'probe health sent nothing for 1.7 s in the window that matters (1.5 s at most)',
  });
});

test.each([
  [0, 2_000, 'met'],
  [3, 2_000, 'met'],
  [12, 5_000, 'met'],
  [12, 2_000, 'unknown'],
] as const)('%i missed slots and a downtime of at most %i ms: %s', (missed, downtimeMs, verdict) => {
  const result = judge(missed, { downtimeMs });
  expect(result.objectives.find(({ name }) => name === 'downtime')).toMatchObject({ verdict });
  // What is shown as measured is what was seen.
  expect(result.measured).toMatchObject({ downtimeMsMin: 790, downtimeMsMax: 1_010 });
});

test('several holes add up, as outages do', () => {
  const rest = `${'_'.repeat(6)}${'#'.repeat(60)}`.repeat(3);
  const drawing = `${OUTAGE}${rest.padEnd(200, '#')}`;
  const verdictAt = (downtimeMs: number) =>
    judgeDrill(
      drawnFacts(
        { phases },
        { series: drawnSeriesOf(drawing, drawing), scenarios: [{ ...DRAWN_SCENARIO, downtimeMs }] },
      ),
    ).result.objectives.find(({ name }) => name === 'downtime')?.verdict;
  // One hole of 0.7 s beside an outage of 1 s has room in 2 s; three have not.
  expect([verdictAt(2_000), verdictAt(4_000)]).toEqual(['unknown', 'met']);
});

test('a hole within an outage is part of it already', () => {
  const drawing = `###########....##_____##....${'#'.repeat(372)}`;
  const series = drawnSeriesOf(drawing, drawing);
  const downtime = judgeDrill(
    drawnFacts({ phases }, { series, scenarios: [{ ...DRAWN_SCENARIO, downtimeMs: 2_500 }] }),
  ).result.objectives.at(-1);
  expect(downtime).toMatchObject({ name: 'downtime', verdict: 'met', measured: { msMin: 580, msMax: 2_030 } });
});
