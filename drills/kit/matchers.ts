import { expect } from 'vitest';
import { type Duration, durationMs } from '../../fixtures/core/duration.ts';
import type { DrillResult, Measured } from '../../reports/core/result.ts';
import { judgeRange } from '../../reports/core/verdict.ts';

interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

type Recovery = Pick<Measured, 'recoveryTimeMsMin' | 'recoveryTimeMsMax'>;
type Loss = Pick<Measured, 'writesLost' | 'dataLossMsMin' | 'dataLossMsMax'>;

/** Judges the measured recovery time on its upper bound. */
function toMeetRto(measured: Recovery, limit: Duration): Matched {
  const { recoveryTimeMsMin: msMin, recoveryTimeMsMax: msMax } = measured;
  return judged('recovery time', msMin === null ? null : { msMin, msMax }, durationMs(limit));
}

/** Judges the measured data loss on its upper bound; an RPO of zero also asks that no write was lost. */
function toMeetRpo(measured: Loss, limit: Duration): Matched {
  const { writesLost, dataLossMsMin: msMin, dataLossMsMax: msMax } = measured;
  if (writesLost === null) return { pass: false, message: () => 'data loss was not measured' };
  if (writesLost === 0) return { pass: true, message: () => 'no acknowledged write was lost' };
  return judged(
    `loss of ${writesLost} acknowledged writes`,
    msMin === null ? null : { msMin, msMax },
    durationMs(limit),
  );
}

/** Passes only on positive evidence that the fault happened. */
function toHaveProvedFault(evidence: { readonly fault: { readonly proof: string; readonly why: string } }): Matched {
  const { proof, why } = evidence.fault;
  return { pass: proof === 'proved', message: () => `fault ${proof}: ${why}` };
}

/** Passes for the verdict `met` alone: `unknown` and `not-run` are no pass. */
function toBeMet(result: Pick<DrillResult, 'verdict' | 'why'>): Matched {
  return { pass: result.verdict === 'met', message: () => `${result.verdict}: ${result.why}` };
}

function judged(what: string, range: Parameters<typeof judgeRange>[1], limitMs: number): Matched {
  const { verdict, why } = judgeRange(what, range, limitMs);
  return { pass: verdict === 'met', message: () => `${verdict}: ${why}` };
}

expect.extend({ toMeetRto, toMeetRpo, toHaveProvedFault, toBeMet });

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toMeetRto(limit: Duration): R;
    toMeetRpo(limit: Duration): R;
    toHaveProvedFault(): R;
    toBeMet(): R;
  }
  interface TaskMeta {
    kunren?: { id: string; verdict: string; why: string };
  }
}
