import type { Field } from '../../fixtures/core/fault.ts';
import { apiMissingIn } from '../../fixtures/core/missing-api.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Running } from './running.ts';
import type { Step, StepOutcome } from './spec.ts';

/**
 * Carries out the steps of a procedure in their order and records each. The first that fails ends it, and the others
 * are recorded as skipped: a finding, not an error. Resolves to why it ended early; `undefined` when all is done. An API
 * that the stage lacks ends the whole drill.
 */
export async function carryOut(running: Running, steps: readonly Step[]): Promise<string | undefined> {
  let failure: string | undefined;
  for (const step of steps) {
    // A drill that was ended begins nothing more, though its last step came through.
    running.field.signal.throwIfAborted();
    if (failure === undefined) failure = await carryOutStep(running, step, running.field);
    else skip(running, step, failure);
  }
  return failure;
}

/**
 * Carries out each step, whatever becomes of the others; rejects with the first mistake once all were tried. One whose
 * object was never made is skipped.
 */
export async function tryEach(running: Running, steps: readonly Step[], field: Field): Promise<void> {
  const mistakes: unknown[] = [];
  for (const step of steps) {
    await carryOutStep(running, step, field, 'clean-up').catch((error: unknown) => mistakes.push(error));
  }
  if (mistakes.length > 0) throw mistakes[0];
}

async function carryOutStep(
  running: Running,
  step: Step,
  field: Field,
  part: 'procedure' | 'clean-up' = 'procedure',
): Promise<string | undefined> {
  const { record, book } = running;
  const { id, name } = step;
  const startedAtMs = field.clock.nowMs();
  const end = (outcome: StepOutcome['outcome'], detail: string): void => {
    record.steps.push({ id, name, startedAtMs, endedAtMs: field.clock.nowMs(), outcome, detail });
    record.note('kunren', `${name.en}${outcome === 'done' ? '' : ` (${outcome})`}: ${detail}`);
  };
  try {
    end('done', await step.run(field, book));
    return undefined;
  } catch (error) {
    const detail = reasonOf(error);
    // An API that the stage lacks says nothing about the system.
    const isNotOffered = part === 'procedure' && apiMissingIn(error) !== undefined;
    // What was broken off, and what there was nothing to do for, has not failed.
    const isLeftOut = field.signal.aborted || isNotOffered || (part === 'clean-up' && lacksEarlierStep(error));
    end(isLeftOut ? 'skipped' : 'failed', detail);
    field.signal.throwIfAborted();
    if (isNotOffered || (!isLeftOut && isMistake(error))) throw error;
    return `${name.en}: ${detail}`;
  }
}

/** A remedy is for the one who has to mend it; the record says what was. */
function reasonOf(error: unknown): string {
  if (error instanceof KunrenError) return error.problem;
  return error instanceof Error ? error.message : String(error);
}

function skip({ record, field }: Running, { id, name }: Step, failure: string): void {
  const atMs = field.clock.nowMs();
  record.steps.push({
    ...{ id, name, startedAtMs: atMs, endedAtMs: atMs },
    ...{ outcome: 'skipped', detail: `not reached; ${failure}` },
  });
}

/** Of the drill's own program: it says nothing about the system. */
export const isMistake = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof ReferenceError ||
  error instanceof RangeError ||
  lacksEarlierStep(error);

const lacksEarlierStep = (error: unknown): boolean => error instanceof KunrenError && error.code === 'step-missing';
