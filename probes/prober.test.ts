import { existsSync, symlinkSync } from 'node:fs';
import { Server as NetServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { machineClock } from './clock.ts';
import { type OutageRule, summarizeOutages } from './core/outage.ts';
import { startProber } from './prober.ts';
import { readSamplesFile } from './samples-file.ts';
import { answerOk, httpSpec, probeThrough, temporaryDirectory, testServer } from './test-server.ts';

const RULE: OutageRule = { stableAnswers: 3 };
/** What a busy machine may add at either end of an outage, in ms. */
const SLACK_MS = 150;

test('a fresh connection sees that the listener is gone, a kept-alive one does not', async () => {
  // Slow at first, so that the old user's pool has connections enough for answers that overlap later.
  let asked = 0;
  const { server, port } = await testServer((request, response) => {
    asked += 1;
    void machineClock.sleep(asked < 12 ? 100 : 0).then(() => answerOk(request, response));
  });
  const probes = [httpSpec(port, { name: 'new-user' }), httpSpec(port, { name: 'old-user', connection: 'kept-alive' })];
  const { prober, trueMs } = await probeThrough(probes, async () => {
    NetServer.prototype.close.call(server); // The listener only: http's own close also ends idle connections.
    await machineClock.sleep(800);
    server.listen(port, '127.0.0.1');
  });
  const { downtime, windows } = summarizeOutages(prober.samples('new-user'), RULE);
  expect(windows.map((window) => window.kind)).toEqual(['down']);
  expect(downtime.msMin).toBeLessThanOrEqual(trueMs);
  expect(downtime.msMax).toBeGreaterThanOrEqual(trueMs);
  expect(downtime.msMax! - downtime.msMin).toBeLessThan(2 * 20 + SLACK_MS);
  expect(prober.samples('new-user').map((sample) => sample.reason)).toContain('connect ECONNREFUSED');
  expect(prober.samples('old-user').filter((sample) => sample.outcome === 'bad')).toEqual([]);
  expect(prober.samples('old-user').length).toBeGreaterThan(40);
});

test('a freeze is an outage although every request is answered in the end', async () => {
  const served = await testServer();
  const spec = httpSpec(served.port, { slowMs: 100 });
  const { prober, trueMs } = await probeThrough([spec], async () => {
    const waiting: (() => void)[] = [];
    served.answer = (request, response) => waiting.push(() => answerOk(request, response));
    await machineClock.sleep(600);
    served.answer = answerOk;
    for (const thaw of waiting) thaw();
  });
  const samples = prober.samples('health');
  expect(samples.filter((sample) => sample.outcome === 'bad')).toEqual([]);
  expect(samples.filter((sample) => sample.outcome === 'slow').length).toBeGreaterThan(20);
  const { downtime } = summarizeOutages(samples, { ...RULE, slowCountsAs: 'down' });
  expect(downtime.msMax).toBeGreaterThanOrEqual(trueMs);
  expect(downtime.msMin).toBeGreaterThan(trueMs - SLACK_MS);
  expect(downtime.msMax).toBeLessThan(trueMs + SLACK_MS);
  const { degradedMs, downtime: none } = summarizeOutages(samples, RULE);
  expect(Math.abs(degradedMs - trueMs)).toBeLessThan(SLACK_MS);
  expect(none).toEqual({ msMin: 0, msMax: 0 });
});

test('right answers that come late are degraded, not down', async () => {
  const served = await testServer();
  const { prober, trueMs } = await probeThrough([httpSpec(served.port, { slowMs: 100 })], async () => {
    served.answer = (request, response) => void machineClock.sleep(300).then(() => answerOk(request, response));
    await machineClock.sleep(600);
    served.answer = answerOk;
  });
  const { degradedMs, downtime, degraded } = summarizeOutages(prober.samples('health'), RULE);
  expect(downtime).toEqual({ msMin: 0, msMax: 0 });
  expect(degraded).toHaveLength(1);
  expect(Math.abs(degradedMs - trueMs)).toBeLessThan(SLACK_MS);
});

test('silence with a deadline longer than the interval is one outage', async () => {
  const served = await testServer();
  const spec = httpSpec(served.port, { deadlineMs: 200, slowMs: 200 });
  const { prober, trueMs } = await probeThrough([spec], async () => {
    served.answer = () => {}; // Accepted and never answered.
    await machineClock.sleep(600);
    served.answer = answerOk;
  });
  const { windows, downtime } = summarizeOutages(prober.samples('health'), RULE);
  expect(windows.map((window) => window.kind)).toEqual(['down']);
  expect(prober.samples('health').find((sample) => sample.outcome === 'bad')?.reason).toBe('deadline');
  expect(downtime.msMin).toBeLessThanOrEqual(trueMs);
  expect(downtime.msMax).toBeGreaterThanOrEqual(trueMs);
  expect(downtime.msMax).toBeLessThan(trueMs + 2 * 20 + SLACK_MS);
});

test('every other answer bad is a partial outage', async () => {
  const served = await testServer();
  const { prober, trueMs } = await probeThrough([httpSpec(served.port)], async () => {
    let turn = 0;
    served.answer = (request, response) => {
      turn += 1;
      if (turn % 2 === 1) response.writeHead(503).end();
      else answerOk(request, response);
    };
    await machineClock.sleep(600);
    served.answer = answerOk;
  });
  const { windows, downtime, partial, badSamples } = summarizeOutages(prober.samples('health'), RULE);
  expect(windows.map((window) => window.kind)).toEqual(['partial']);
  expect(downtime).toEqual({ msMin: 0, msMax: 0 });
  expect(Math.abs(partial.msMax! - trueMs)).toBeLessThan(SLACK_MS);
  expect(badSamples / windows[0]!.samples).toBeCloseTo(0.5, 1);
});

test('a wall clock that is stepped changes no length of time', async () => {
  const served = await testServer();
  const now = Date.now;
  const { prober, trueMs } = await probeThrough([httpSpec(served.port)], async () => {
    served.answer = (_, response) => void response.writeHead(503).end();
    await machineClock.sleep(150);
    Date.now = () => now() - 30_000;
    await machineClock.sleep(150);
    served.answer = answerOk;
    Date.now = now;
  });
  const { downtime } = summarizeOutages(prober.samples('health'), RULE);
  expect(downtime.msMin).toBeLessThanOrEqual(trueMs);
  expect(downtime.msMax).toBeGreaterThanOrEqual(trueMs);
});

test('slots and samples are on disk as they were reported, without gaps', async () => {
  const served = await testServer();
  const { prober, directory } = await probeThrough([httpSpec(served.port)], async () => {});
  const read = readSamplesFile(join(directory, 'health.samples.jsonl'));
  expect(read).toEqual({ slots: prober.slots('health'), samples: prober.samples('health'), torn: false });
  expect(read.slots.map((slot) => slot.k)).toEqual(read.slots.map((_, k) => k));
});

test('stopping waits for what is in flight, and may be asked twice', async () => {
  const served = await testServer(() => {});
  const directory = temporaryDirectory();
  const prober = await startProber({ probes: [httpSpec(served.port, { deadlineMs: 300 })], directory });
  await machineClock.sleep(150);
  expect(prober.samples('health')).toEqual([]);
  await Promise.all([prober.stop(), prober.stop()]);
  const samples = prober.samples('health');
  expect(samples.length).toBeGreaterThanOrEqual(3);
  expect(new Set(samples.map((sample) => sample.reason))).toEqual(new Set(['deadline']));
});

test('a listener hears of each sample until it is ended', async () => {
  const served = await testServer();
  const prober = await startProber({ probes: [httpSpec(served.port)], directory: temporaryDirectory() });
  const heard: number[] = [];
  await new Promise<void>((resolve) => {
    const end = prober.onSample((name, sample) => {
      expect(name).toBe('health');
      heard.push(sample.k);
      if (heard.length === 3) resolve(end());
    });
  });
  await prober.stop();
  expect(heard).toHaveLength(3);
  expect(() => prober.samples('other')).toThrow(/unknown-probe/);
});

test('a prober that cannot write its evidence does not start', async () => {
  const directory = join(temporaryDirectory(), 'missing');
  await expect(startProber({ probes: [httpSpec(1)], directory })).rejects.toThrow(/ENOENT.*prober-died/);
});

test('a probe that cannot be asked does not start', async () => {
  const spec = httpSpec(1, { request: { method: 'GET', url: 'no URL' }, connection: 'kept-alive' });
  await expect(startProber({ probes: [spec], directory: temporaryDirectory() })).rejects.toThrow(/prober-died/);
});

test.skipIf(!existsSync('/dev/full'))('a prober that dies in the middle says so, and its stop fails', async () => {
  const served = await testServer();
  const directory = temporaryDirectory();
  symlinkSync('/dev/full', join(directory, 'health.samples.jsonl'));
  const prober = await startProber({ probes: [httpSpec(served.port)], directory });
  await expect(prober.failed).rejects.toThrow(/ENOSPC.*prober-died/);
  await expect(prober.stop()).rejects.toThrow(/prober-died/);
});
