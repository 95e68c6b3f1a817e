import { nothingBroken } from '../fixtures/faults/nothing-broken.ts';
import { canariesAreOnBothSides } from './kit/canary-check.ts';
import { functionsAnswer, systemEndsWhole } from './kit/checks.ts';
import { drill } from './kit/drill.ts';
import { archiveExposure } from './kit/exposure.ts';
import { canariesAfter, canariesBefore } from './procedures/arrange-canaries.ts';
import { checkDifference } from './procedures/check-integrity.ts';
import { chooseState } from './procedures/choose-restore.ts';
import { deleteRestored, stopTask } from './procedures/clean-up.ts';
import { compareConfiguration } from './procedures/compare-configuration.ts';
import { connectApplication } from './procedures/connect-application.ts';
import { countRows } from './procedures/count-rows.ts';
import { noteTime } from './procedures/note-time.ts';
import { restoreDatabase } from './procedures/restore-database.ts';

// Runbook: exercise 2. It sets no objective of its own: those of scenario 3 are borrowed.
drill('point-in-time-restore', {
  title: {
    en: 'the database is restored to an hour ago, and users notice nothing',
    ja: '利用者に影響なく、1時間前の時点にデータベースを復元する',
  },
  scenarios: ['point-in-time-restore'],
  fault: nothingBroken(),
  exercise: true,
  arrange: [canariesBefore, countRows, noteTime, canariesAfter],
  recovered: [],
  restoration: {
    name: 'restore to a point in time',
    steps: [chooseState, restoreDatabase, compareConfiguration, connectApplication, checkDifference],
  },
  cleanUp: [stopTask, deleteRestored],
  exposure: archiveExposure,
  checks: [
    canariesAreOnBothSides,
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
    systemEndsWhole('system-whole', { en: 'the system is whole', ja: 'システムに欠けがない' }),
  ],
  limitMs: 10_800_000,
});
