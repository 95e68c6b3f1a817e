import type { Step } from '../kit/spec.ts';
import { deleteDatabase } from './delete-database.ts';
import { deleteSnapshot } from './delete-snapshot.ts';
import { startedByOf } from './made-by.ts';
import { callsToDeleteRestored, callsToDeleteSnapshot, callsToStopTask } from './planned-calls.ts';
import { stopTasks } from './stop-task.ts';

/** Stops the task that ran against the restored database. */
export const stopTask: Step = {
  id: 'task-stopped',
  name: { en: 'The task on the restored database is stopped', ja: '復元したDBで動かしたタスクを停止した' },
  calls: callsToStopTask,
  async run(field) {
    await stopTasks(field, field.system.regions.primary, startedByOf(field));
    return 'no task that the drill has started runs';
  },
};

/** Runbook, scenario 3 and drill 2: deletes the temporary database, without a final snapshot. */
export const deleteRestored: Step = {
  id: 'temporary-deleted',
  name: { en: 'The temporary database is deleted', ja: '復元用DBを削除した' },
  calls: callsToDeleteRestored,
  async run(field, book) {
    const { id } = book.need('restored');
    await deleteDatabase(field, field.system.regions.primary, id);
    return `${id} is gone`;
  },
};

/** Deletes the snapshot of the drill. */
export const deleteTaken: Step = {
  id: 'snapshot-deleted',
  name: { en: 'The snapshot of the drill is deleted', ja: '訓練用スナップショットを削除した' },
  calls: callsToDeleteSnapshot,
  async run(field, book) {
    const choice = book.need('choice');
    if (choice.kind !== 'snapshot') return 'no snapshot was taken';
    await deleteSnapshot(field, field.system.regions.primary, choice.snapshot.id);
    return `${choice.snapshot.id} is gone`;
  },
};
