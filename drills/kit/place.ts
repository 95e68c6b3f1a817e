import { patienceOf } from '../../fixtures/core/patience.ts';
import type { StageNote } from '../../fixtures/core/stage.ts';
import type { System } from '../../fixtures/core/system.ts';
import { attachStage } from '../../fixtures/stages/attach-stage.ts';
import { machineClock } from '../../probes/clock.ts';
import type { MadeBy } from '../procedures/made-by.ts';

/** A system on its stage, for undoing: the time for that begins now. The run is filled in by whoever undoes. */
export function placeOn(note: StageNote, system: System): Omit<MadeBy, 'runId'> {
  const patience = patienceOf(note.kind);
  return {
    ...{ system, patience, clock: machineClock, stage: attachStage(note) },
    signal: AbortSignal.timeout(patience.undoMs),
  };
}
