import type { Dispatcher } from 'undici';
import { machineClock } from './clock.ts';
import { answerProblem, failureReason } from './core/answer.ts';
import type { HttpProbeSpec } from './core/probe-spec.ts';
import type { Sample } from './core/sample.ts';
import { exchange, freshConnection, keptAlivePool } from './http-transport.ts';
import { type Probe, sampleNow } from './probe.ts';

/** More than any health page; a longer body is bad rather than half read. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Asks a URL, as a new user (`fresh`) or over connections that live on (`kept-alive`). */
export function httpProbe(spec: HttpProbeSpec): Probe {
  if (spec.connection === 'fresh') return { ask: (k, dueAtMs) => askFresh(spec, k, dueAtMs), close: async () => {} };
  const pool = keptAlivePool(spec.request.url, spec.connectTo);
  return {
    ask: (k, dueAtMs) => askOver(pool, spec, { k, dueAtMs, sentAtMs: machineClock.nowMs() }),
    close: () => pool.destroy(),
  };
}

/** Asks once, now, on a fresh connection. */
export function askOnce(spec: HttpProbeSpec): Promise<Sample> {
  return askFresh(spec, 0, machineClock.nowMs());
}

async function askFresh(spec: HttpProbeSpec, k: number, dueAtMs: number): Promise<Sample> {
  const sentAtMs = machineClock.nowMs();
  const connection = freshConnection(spec.request.url, spec.connectTo);
  try {
    return await askOver(connection, spec, { k, dueAtMs, sentAtMs });
  } finally {
    void connection.destroy();
  }
}

async function askOver(
  dispatcher: Dispatcher,
  spec: HttpProbeSpec,
  asked: { readonly k: number; readonly dueAtMs: number; readonly sentAtMs: number },
): Promise<Sample> {
  try {
    const signal = AbortSignal.timeout(spec.deadlineMs);
    const answer = await exchange(dispatcher, spec.request, signal, BODY_LIMIT_BYTES);
    return sampleNow(spec, asked, answerProblem(answer, spec.expectStatus, spec.body));
  } catch (error) {
    return sampleNow(spec, asked, failureReason(error));
  }
}
