import { machineClock } from './clock.ts';
import { failureReason, statusReason } from './core/answer.ts';
import type { WriteProbeSpec } from './core/probe-spec.ts';
import { numbersIn, withReference } from './core/reference.ts';
import { exchange, freshConnection } from './http-transport.ts';

/** A million references at some sixty bytes each. */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;
const PAUSE_MS = 100;

/** The numbers found, ascending, or why they could not be read. */
export type ReadBack = { readonly present: readonly number[] } | { readonly why: string };

/**
 * Reads every reference of a write probe back through the service, until two readings in a row are
 * equal. Not knowing is never "all lost": without two equal readings within `limitMs` it says why.
 * Rejects only with the signal's reason.
 */
export async function readBack(spec: WriteProbeSpec, limitMs: number, signal?: AbortSignal): Promise<ReadBack> {
  const endAtMs = machineClock.nowMs() + limitMs;
  let before: readonly number[] | undefined;
  let why = 'it was not asked';
  for (let leftMs = limitMs; leftMs > 0; leftMs = endAtMs - machineClock.nowMs()) {
    const reading = await readOnce(spec, Math.min(leftMs, Math.max(spec.deadlineMs, limitMs / 3)), signal);
    if ('why' in reading) why = reading.why;
    else if (before !== undefined && sameNumbers(before, reading.present)) return reading;
    else why = 'no two readings were equal';
    before = 'present' in reading ? reading.present : undefined;
    await machineClock.sleep(PAUSE_MS, signal);
  }
  return { why: `no two equal readings in ${limitMs} ms; last: ${why}` };
}

async function readOnce(spec: WriteProbeSpec, deadlineMs: number, signal: AbortSignal | undefined): Promise<ReadBack> {
  const url = withReference(spec.readBackUrl, `${spec.marker}-`);
  const headers = spec.readBackHeaders;
  const connection = freshConnection(url, spec.connectTo);
  const deadline = AbortSignal.timeout(Math.ceil(deadlineMs));
  const either = signal === undefined ? deadline : AbortSignal.any([deadline, signal]);
  try {
    const request = { method: 'GET', url, ...(headers && { headers }) };
    const { status, body } = await exchange(connection, request, either, BODY_LIMIT_BYTES);
    return status >= 200 && status < 300 ? { present: numbersIn(body, spec.marker) } : { why: statusReason(status) };
  } catch (error) {
    signal?.throwIfAborted();
    return { why: failureReason(error) };
  } finally {
    void connection.destroy();
  }
}

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);
