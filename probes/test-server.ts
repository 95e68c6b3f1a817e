// For tests of the probes: a server whose behaviour can be changed while it is being probed.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { machineClock } from './clock.ts';
import type { HttpProbeSpec, ProbeSpec } from './core/probe-spec.ts';
import { listenOnFixedPort } from './fixed-port.ts';
import { type Prober, startProber } from './prober.ts';

export const answerOk: RequestListener = (_, response) => {
  response.end('{"status":"ok"}');
};

export interface TestServer {
  readonly server: Server;
  readonly port: number;
  /** How it answers from now on. */
  answer: RequestListener;
}

/** Gone when the test has ended. */
export async function testServer(
  answer: RequestListener = answerOk,
  server: Server = createServer(),
): Promise<TestServer> {
  const port = await listenOnFixedPort(server);
  const served: TestServer = { server, port, answer };
  server.on('request', (request, response) => served.answer(request, response));
  onTestFinished(() => closeAll(server));
  return served;
}

function closeAll(server: NetServer & { closeAllConnections?: () => void }): void {
  server.close();
  server.closeAllConnections?.();
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'kunren-probes-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export const httpSpec = (port: number, rest: Partial<HttpProbeSpec> = {}): HttpProbeSpec => ({
  kind: 'http',
  name: 'health',
  connection: 'fresh',
  request: { method: 'GET', url: `http://127.0.0.1:${port}/health` },
  expectStatus: 200,
  intervalMs: 20,
  deadlineMs: 2_000,
  slowMs: 1_000,
  ...rest,
});

/** Probes for a steady while, then while `trouble` lasts, then for a steady while again; returns its true length too. */
export async function probeThrough(
  probes: readonly ProbeSpec[],
  trouble: () => Promise<void>,
): Promise<{ prober: Prober; directory: string; trueMs: number }> {
  const directory = temporaryDirectory();
  const prober = await startProber({ probes, directory });
  onTestFinished(() => prober.stop());
  await machineClock.sleep(300);
  const fromMs = machineClock.nowMs();
  await trouble();
  const trueMs = machineClock.nowMs() - fromMs;
  await machineClock.sleep(250);
  await prober.stop();
  return { prober, directory, trueMs };
}
