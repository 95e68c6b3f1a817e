import type { ArmedFault, Field } from '../../../fixtures/core/fault.ts';
import type { DrillContext } from '../running.ts';
import type { DrillSpec } from '../spec.ts';

/** A drill before anything of it has been done. */
export interface Guarded {
  readonly spec: DrillSpec;
  readonly context: DrillContext;
  readonly field: Field;
}

/** With its target chosen and nothing broken. */
export interface GuardedFault extends Guarded {
  readonly armed: ArmedFault;
}

/** Who runs it, as STS tells. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}
