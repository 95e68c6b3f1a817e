import { expect, test } from 'vitest';
import { calibrate } from './calibration.ts';
import { benchProber } from './prober.bench.ts';

test('an outage of known length is measured as such', async () => {
  const { trueMs, measured, holds } = await calibrate();
  expect(trueMs).toBeGreaterThan(490);
  expect(measured.msMin).toBeLessThanOrEqual(trueMs);
  expect(measured.msMax).toBeGreaterThanOrEqual(trueMs);
  expect(holds).toBe(true);
});

test('the bench counts what was sent, how late, and at what cost', async () => {
  const bench = await benchProber({ ratePerS: 100, forMs: 400 });
  expect(bench.sentRatio).toBeGreaterThan(0.5);
  expect(bench.p99LagMs).toBeGreaterThanOrEqual(0);
  expect(bench.cpuMsPerProbe).toBeGreaterThan(0);
});
