import { machineClock } from './clock.ts';
import type { ProbeSpec } from './core/probe-spec.ts';
import type { Sample } from './core/sample.ts';

/** Asks one question of the system, again and again. */
export interface Probe {
  /** The system being down is an answer: a bad sample, never an exception. Ends by the probe's deadline. */
  ask(k: number, dueAtMs: number): Promise<Sample>;
  /** Gives up what is kept between questions. */
  close(): Promise<void>;
}

/**
 * The sample of a question that was sent at `sentAtMs` and whose answer is known now. `reason`
 * says what was wrong with it; without one it was right, and its time decides.
 */
export function sampleNow(
  spec: ProbeSpec,
  asked: { readonly k: number; readonly dueAtMs: number; readonly sentAtMs: number },
  reason: string | undefined,
): Sample {
  const answeredAtMs = machineClock.nowMs();
  const tookMs = answeredAtMs - asked.sentAtMs;
  const why = reason ?? (tookMs > spec.deadlineMs ? 'deadline' : undefined);
  if (why !== undefined) return { ...asked, answeredAtMs, outcome: 'bad', reason: why };
  return { ...asked, answeredAtMs, outcome: tookMs > spec.slowMs ? 'slow' : 'good' };
}
