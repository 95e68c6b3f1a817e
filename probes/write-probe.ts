import { machineClock } from './clock.ts';
import { failureReason, provesNothingSent, statusReason } from './core/answer.ts';
import type { LedgerEntry } from './core/ledger.ts';
import type { HttpRequestSpec, WriteProbeSpec } from './core/probe-spec.ts';
import { referenceOf, withReference } from './core/reference.ts';
import { exchange, freshConnection } from './http-transport.ts';
import { type Probe, sampleNow } from './probe.ts';

/** More than an order's answer; only a read-back of many is longer, and is not made here. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Where a ledger is kept. The entry outlives this process when this resolves. */
export type AppendToLedger = (entry: LedgerEntry) => Promise<void>;

interface Outcome {
  readonly state: 'acknowledged' | 'refused' | 'indeterminate';
  readonly reason?: string;
}

/**
 * Writes numbered records through the service, each on a fresh connection, and reads each back. The
 * number of a write is that of its probe. The sample is good only when the write was acknowledged
 * and found again; a read that fails does not take the acknowledgement back.
 */
export function writeProbe(spec: WriteProbeSpec, append: AppendToLedger): Probe {
  return {
    async ask(k, dueAtMs) {
      const reference = referenceOf(spec.marker, k);
      await append({ n: k, reference, state: 'intended', atMs: machineClock.nowMs() });
      const asked = { k, dueAtMs, sentAtMs: machineClock.nowMs() };
      const signal = AbortSignal.timeout(spec.deadlineMs);
      const outcome = await write(spec, reference, signal);
      const recorded = append({ n: k, ...outcome, atMs: machineClock.nowMs() });
      const problem = outcome.reason ?? (await readBackProblem(spec, reference, signal));
      const sample = sampleNow(spec, asked, problem);
      await recorded;
      return sample;
    },
    close: async () => {},
  };
}

async function write(spec: WriteProbeSpec, reference: string, signal: AbortSignal): Promise<Outcome> {
  const { url, body } = spec.request;
  const request = {
    ...spec.request,
    url: withReference(url, reference),
    ...(body === undefined ? {} : { body: withReference(body, reference) }),
  };
  try {
    const { status } = await askFresh(spec, request, signal);
    if (isSuccess(status)) return { state: 'acknowledged' };
    const state = spec.refusedStatuses.includes(status) ? 'refused' : 'indeterminate';
    return { state, reason: statusReason(status) };
  } catch (error) {
    return { state: provesNothingSent(error) ? 'refused' : 'indeterminate', reason: failureReason(error) };
  }
}

async function readBackProblem(
  spec: WriteProbeSpec,
  reference: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const headers = spec.readBackHeaders;
  const request = { method: 'GET', url: withReference(spec.readBackUrl, reference), ...(headers && { headers }) };
  try {
    const { status, body } = await askFresh(spec, request, signal);
    // "Not found" is as definite an answer as a list without it.
    if (isSuccess(status) || status === 404)
      return body.includes(reference) && status !== 404 ? undefined : 'stale read';
    return `read-back ${statusReason(status)}`;
  } catch (error) {
    return `read-back ${failureReason(error)}`;
  }
}

async function askFresh(spec: WriteProbeSpec, request: HttpRequestSpec, signal: AbortSignal) {
  const connection = freshConnection(request.url, spec.connectTo);
  try {
    return await exchange(connection, request, signal, BODY_LIMIT_BYTES);
  } finally {
    void connection.destroy();
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
