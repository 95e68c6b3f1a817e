import { expect, test } from 'vitest';
import { drawnEvidence, drawnFacts, drawnSeriesOf } from './drawn.ts';
import type { DrillEvidence } from './evidence.ts';
import { judgeDrill } from './judge-drill.ts';

const BY = 'stopIf.alarms: orders-5xx is in ALARM';

/** Judges a drill that was stopped; one character is an answer every 100 ms, and the fault came at 1 s. */
function judged(answers: string, changes: Partial<DrillEvidence> = {}) {
  const stopped = { by: BY, atMs: 3_000 };
  const evidence = { recoveries: [], checks: [], readBack: [], stopped, ...changes };
  return judgeDrill(drawnFacts(evidence, { series: drawnSeriesOf(answers, answers) })).result;
}

test.each([
  ['a short outage is not met', '###########.....########################', 'unknown'],
  ['no outage at all is not met', '########################################', 'unknown'],
  ['an outage within the objective that has not ended', '###########.........', 'unknown'],
  ['an outage over the objective (2 s)', '###########.............................', 'missed'],
  ['one over that of recovery as well (5 s)', `###########${'.'.repeat(60)}`, 'missed'],
])('%s', (_name, answers, verdict) => {
  const result = judged(answers);
  expect(result.verdict, result.why).toBe(verdict);
  expect(result.why).toContain(`stopped by ${BY}`);
  expect(result.objectives.map((objective) => objective.verdict)).not.toContain('met');
});

test('recovery that has surely taken too long is missed, although nobody awaited its end', () => {
  const rto = judged(`###########${'.'.repeat(60)}`).objectives.find(({ name }) => name === 'RTO');
  expect(rto).toMatchObject({ verdict: 'missed', measured: { msMax: null } });
});

test('without a proved fault an outage is not its own, however long', () => {
  const fault = { ...drawnEvidence().fault, proof: 'not-observed', why: 'not looked for yet' } as const;
  const { verdict, why } = judged('###########.............................', { fault });
  expect(verdict).toBe('unknown');
  expect(why).toBe(`fault not observed: not looked for yet; stopped by ${BY}`);
});
