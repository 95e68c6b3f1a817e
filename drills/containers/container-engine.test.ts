import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { machineClock } from '../../probes/clock.ts';
import { engineMissing } from './container-engine.ts';

test('an engine that answers is not missing', async () => {
  expect(await engineMissing(1_000, async () => ({ info: {} }))).toBeUndefined();
});

test('an engine that refuses is missing, for its own reason', async () => {
  const refused = async () => Promise.reject(new Error('connect ECONNREFUSED'));
  expect(await engineMissing(5_000, refused)).toBe('no container engine answered within 5 s: connect ECONNREFUSED');
});

test('an engine that takes connections and says nothing is missing when the limit is over', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kunren-test-'));
  const taken: Socket[] = [];
  const mute = createServer((socket) => void taken.push(socket)).listen(join(directory, 'docker.sock'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    for (const socket of taken) socket.destroy();
    mute.close();
    rmSync(directory, { recursive: true, force: true });
  });
  vi.stubEnv('DOCKER_HOST', `unix://${join(directory, 'docker.sock')}`);

  const fromMs = machineClock.nowMs();
  expect(await engineMissing(300)).toBe('no container engine answered within 0.3 s: it did not answer');
  expect(machineClock.nowMs() - fromMs).toBeLessThan(2_000);
  expect(taken.length, 'connections that the library made').toBeGreaterThan(0);
});
