import { dirname, join } from 'node:path';
import type { Intent } from '../../fixtures/core/fault.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { deleteDatabase } from '../procedures/delete-database.ts';
import { deleteSnapshot } from '../procedures/delete-snapshot.ts';
import type { MadeBy } from '../procedures/made-by.ts';
import { stopTasks } from '../procedures/stop-task.ts';
import { releaseLock } from './guard/account-lock.ts';
import { REMOVE_ROWS, removeRows } from './guard/clean-canaries.ts';
import { taggedExperiments, taggedTemplates } from './tagged/experiments.ts';
import { removeTagged } from './tagged/remove-tagged.ts';

type UndoCall = (
  place: MadeBy,
  region: string,
  parameter: (name: string) => string,
  journalPath: string,
) => Promise<void>;

/** How each call is made that a journal may ask for. What is gone already counts as done. */
const CALLS: { readonly [call: string]: UndoCall } = {
  'stage:thaw': async ({ stage }, _, parameter) => await stage.abilities.taskControl?.thaw(parameter('task')),
  'rds:DeleteDBInstance': (place, region, parameter) =>
    deleteDatabase(place, region, parameter('DBInstanceIdentifier')),
  'rds:DeleteDBSnapshot': (place, region, parameter) =>
    deleteSnapshot(place, region, parameter('DBSnapshotIdentifier')),
  'ssm:DeleteParameter': (place, region, parameter) => releaseLock(place, region, parameter('Name')),
  // Their ids are AWS's own: a run that died before it was told them finds them by its tag.
  'fis:StopExperiment': (place, region) => removeTagged(place, region, taggedExperiments),
  'fis:DeleteExperimentTemplate': (place, region) => removeTagged(place, region, taggedTemplates),
  // The run may lie elsewhere by now: its evidence is looked for beside its journal first.
  [REMOVE_ROWS]: (place, _, parameter, journalPath) => {
    const drillId = parameter('drillId');
    return removeRows(place, drillId, [join(dirname(journalPath), 'drills', drillId), parameter('directory')]);
  },
  'ecs:StopTask': (place, region, parameter) => stopTasks(place, region, parameter('startedBy')),
};

/** Whether what takes it back gives a lock back. Held on to while anything else is left: another drill would begin. */
export const isOfLock = ({ undo }: Intent): boolean => undo?.call === 'ssm:DeleteParameter';

/** Why a lock is not given back, for whoever reads what is left. */
export const LOCK_KEPT = 'kept while anything else is left';

/** Takes one change of a journal back, also one that failed or of which only the intent is known. */
export async function undoIntent(place: MadeBy, { undo, region }: Intent, journalPath: string): Promise<void> {
  if (undo === undefined) return;
  const call = CALLS[undo.call];
  if (call === undefined) {
    throw new KunrenError('undo-unknown', `No way is known to call ${undo.call}.`, 'undo it by hand.');
  }
  await call(place, region, (name) => String(undo.parameters[name]), journalPath);
}
