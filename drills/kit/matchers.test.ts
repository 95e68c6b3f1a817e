import { expect, test } from 'vitest';
import './matchers.ts';

const recovery = (msMin: number, msMax: number | null) => ({ recoveryTimeMsMin: msMin, recoveryTimeMsMax: msMax });
const loss = (writesLost: number | null, msMin: number | null, msMax: number | null) => ({
  writesLost,
  dataLossMsMin: msMin,
  dataLossMsMax: msMax,
});

test.each([
  { name: 'within, on its upper bound', measured: recovery(1_000, 300_000), met: true },
  { name: 'straddling', measured: recovery(1_000, 300_001), met: false },
  { name: 'beyond', measured: recovery(400_000, 500_000), met: false },
  { name: 'not seen to end', measured: recovery(1_000, null), met: false },
  { name: 'not measured', measured: { recoveryTimeMsMin: null, recoveryTimeMsMax: null }, met: false },
])('toMeetRto: $name', ({ measured, met }) => {
  if (met) expect(measured).toMeetRto({ minutes: 5 });
  else expect(() => expect(measured).toMeetRto({ minutes: 5 })).toThrow();
});

test.each([
  { name: 'nothing lost', measured: loss(0, 0, 0), limit: { seconds: 0 }, met: true },
  { name: 'one write lost', measured: loss(1, 40, 90), limit: { seconds: 0 }, met: false },
  { name: 'lost, within the limit', measured: loss(3, 40, 90), limit: { seconds: 1 }, met: true },
  { name: 'lost, straddling the limit', measured: loss(3, 900, 1_100), limit: { seconds: 1 }, met: false },
  { name: 'not measured', measured: loss(null, null, null), limit: { hours: 1 }, met: false },
])('toMeetRpo: $name', ({ measured, limit, met }) => {
  if (met) expect(measured).toMeetRpo(limit);
  else expect(() => expect(measured).toMeetRpo(limit)).toThrow();
});

test('toHaveProvedFault: only positive evidence counts', () => {
  expect({ fault: { proof: 'proved', why: 'AZ changed' } }).toHaveProvedFault();
  for (const proof of ['not-observed', 'not-injected']) {
    expect(() => expect({ fault: { proof, why: 'nothing changed' } }).toHaveProvedFault()).toThrow(/nothing changed/);
  }
});

test('toBeMet: unknown and not-run are no pass', () => {
  expect({ verdict: 'met' as const, why: '' }).toBeMet();
  for (const verdict of ['missed', 'unknown', 'not-run'] as const) {
    expect(() => expect({ verdict, why: 'for a reason' }).toBeMet()).toThrow(/for a reason/);
  }
});
