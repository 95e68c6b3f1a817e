import type { Field } from '../../fixtures/core/fault.ts';
import { tryUntil } from '../../fixtures/core/until.ts';
import { whatIsNotWhole } from '../../fixtures/stages/whole.ts';

/** Whether a system became whole in time; else what is missing, or why nothing could be seen. */
export type Wholeness =
  | { readonly whole: true }
  | { readonly whole: false; readonly gaps: readonly string[]; readonly silence: string };

/** Waits, within the stage's patience, for the system to be as its description says, or for what else finds no gap. */
export async function awaitWhole(field: Field, gapsOf = whatIsNotWhole): Promise<Wholeness> {
  let gaps: readonly string[] = [];
  let silence = 'it was never described';
  const limitMs = field.patience.manualMs;
  const wait = { name: 'a whole system', limitMs, everyMs: field.patience.pollMs, signal: field.signal };
  const look = async () => {
    gaps = []; // A look that fails sees no gap, which is not the same as seeing that there is none.
    gaps = await gapsOf(field);
    return gaps.length === 0 ? true : undefined;
  };
  const whole = await tryUntil(field.clock, wait, look, (error) => {
    if (error instanceof Error) silence = error.message;
  });
  return whole ? { whole } : { whole: false, gaps, silence };
}
