import { nothingBroken } from '../fixtures/faults/nothing-broken.ts';
import { canariesAreOnBothSides } from './kit/canary-check.ts';
import { functionsAnswer, systemEndsWhole } from './kit/checks.ts';
import { drill } from './kit/drill.ts';
import { snapshotExposure } from './kit/exposure.ts';
import { canariesAfter, canariesBefore } from './procedures/arrange-canaries.ts';
import { checkDifference } from './procedures/check-integrity.ts';
import { deleteRestored, deleteTaken, stopTask } from './procedures/clean-up.ts';
import { compareConfiguration } from './procedures/compare-configuration.ts';
import { connectApplication } from './procedures/connect-application.ts';
import { countRows } from './procedures/count-rows.ts';
import { restoreDatabase } from './procedures/restore-database.ts';
import { takeSnapshot } from './procedures/take-snapshot.ts';

// Runbook: exercise 1.
drill('backup-restore', {
  title: {
    en: 'a snapshot is restored and the application works on it',
    ja: 'スナップショットを復元し、アプリケーションが動作する',
  },
  scenarios: ['backup-restore'],
  fault: nothingBroken(),
  exercise: true,
  arrange: [canariesBefore, countRows, takeSnapshot, canariesAfter],
  recovered: [],
  restoration: {
    name: 'restore the snapshot',
    steps: [restoreDatabase, compareConfiguration, connectApplication, checkDifference],
  },
  cleanUp: [stopTask, deleteRestored, deleteTaken],
  exposure: snapshotExposure,
  checks: [
    canariesAreOnBothSides,
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
    systemEndsWhole('system-whole', { en: 'the system is whole', ja: 'システムに欠けがない' }),
  ],
  limitMs: 10_800_000,
});
