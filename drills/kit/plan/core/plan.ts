import type { PlannedCall } from '../../../../fixtures/core/planned-call.ts';

/** What a drill would do in an account. */
export interface Plan {
  readonly drillId: string;
  readonly title: string;
  readonly fault: string;
  /** Why the drill is not run on that stage, whatever else stands here. */
  readonly notRun?: string;
  readonly phases: readonly { readonly phase: string; readonly calls: readonly PlannedCall[] }[];
  /** What is sent to the system itself, in words. */
  readonly besides: readonly string[];
  /** By the objectives: how long it takes when all goes as promised, in milliseconds. */
  readonly expectedMs: number;
  /** After this it is ended and undone, in milliseconds. */
  readonly limitMs: number;
}

/** All calls of a plan in order. */
export const callsOf = ({ phases }: Plan): PlannedCall[] => phases.flatMap(({ calls }) => calls);
