/**
 * What a project's own system description, drills and faults are written with: `import { drill } from 'kunren'`.
 * The one entry of the npm package.
 */

export type { ArmedFault, Fault, Field, Hits, Intent, Proof } from '../fixtures/core/fault.ts';
export { type PlannedCall, plannedArn, plannedRead } from '../fixtures/core/planned-call.ts';
export type { Stage } from '../fixtures/core/stage.ts';
export { defineSystem, type System, type SystemInput, type SystemService } from '../fixtures/core/system.ts';
export { tryUntil, until, type Wait } from '../fixtures/core/until.ts';
export { azOutage } from '../fixtures/faults/az-outage.ts';
export { forceFailover } from '../fixtures/faults/force-failover.ts';
export { crashTask, exhaustMemory, freezeTask } from '../fixtures/faults/hurt-task.ts';
export { mistakenDelete } from '../fixtures/faults/mistaken-delete.ts';
export { noFault } from '../fixtures/faults/no-fault.ts';
export { nothingBroken } from '../fixtures/faults/nothing-broken.ts';
export { stopTask } from '../fixtures/faults/stop-task.ts';
export { clientsOf } from '../fixtures/stages/clients.ts';
export { KunrenError } from '../probes/core/error.ts';
export type { Check, Exposure } from '../reports/core/evidence.ts';
export { canariesAreOnBothSides } from './kit/canary-check.ts';
export {
  databaseIsAvailable,
  downtimeIsMeasured,
  failoverEventsTell,
  failoverIsOnRecord,
  faultIsProved,
  functionsAnswer,
  healthAnswersAgain,
  nothingIsUntold,
  recoversByItself,
  systemEndsWhole,
  targetsAreHealthy,
} from './kit/checks.ts';
export { systemIsWhole } from './kit/conditions.ts';
export { drill } from './kit/drill.ts';
export { archiveExposure, snapshotExposure } from './kit/exposure.ts';
export type { CheckMaker, Condition, DrillSpec, Facts, Step } from './kit/spec.ts';
export { taskIsReplaced } from './kit/task-checks.ts';
export { recoversWhileLost, systemIsWholeAgain, zoneComesBack } from './kit/zone-checks.ts';
export { canariesAfter, canariesBefore, canariesToLose } from './procedures/arrange-canaries.ts';
export { bringRowsBack } from './procedures/bring-rows-back.ts';
export { checkDifference, checkIntegrity, checkRestoredData } from './procedures/check-integrity.ts';
export { chooseState } from './procedures/choose-restore.ts';
export { deleteRestored, deleteTaken, stopTask as stopStartedTask } from './procedures/clean-up.ts';
export { compareConfiguration } from './procedures/compare-configuration.ts';
export { connectApplication } from './procedures/connect-application.ts';
export { countRows } from './procedures/count-rows.ts';
export { findDeletion } from './procedures/find-deletion.ts';
export { forceNewDeployment, newDeployment } from './procedures/force-new-deployment.ts';
export { tagsOf } from './procedures/made-by.ts';
export { noteTime } from './procedures/note-time.ts';
export { restoreDatabase } from './procedures/restore-database.ts';
export { takeSnapshot } from './procedures/take-snapshot.ts';
