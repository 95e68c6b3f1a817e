import { mistakenDelete } from '../fixtures/faults/mistaken-delete.ts';
import { canariesAreOnBothSides } from './kit/canary-check.ts';
import { faultIsProved, functionsAnswer, healthAnswersAgain, systemEndsWhole } from './kit/checks.ts';
import { drill } from './kit/drill.ts';
import { archiveExposure } from './kit/exposure.ts';
import { canariesToLose } from './procedures/arrange-canaries.ts';
import { bringRowsBack } from './procedures/bring-rows-back.ts';
import { checkIntegrity, checkRestoredData } from './procedures/check-integrity.ts';
import { chooseState } from './procedures/choose-restore.ts';
import { deleteRestored, stopTask } from './procedures/clean-up.ts';
import { compareConfiguration } from './procedures/compare-configuration.ts';
import { connectApplication } from './procedures/connect-application.ts';
import { countRows } from './procedures/count-rows.ts';
import { findDeletion } from './procedures/find-deletion.ts';
import { restoreDatabase } from './procedures/restore-database.ts';

// Runbook: scenario 3. Users go on writing all along.
drill('accidental-delete', {
  title: {
    en: 'rows deleted by mistake are brought back while users go on writing',
    ja: '誤って削除された行を、利用者の書き込みを止めずに戻す',
  },
  scenarios: ['accidental-delete'],
  fault: mistakenDelete(),
  watchesRows: true,
  arrange: [countRows, canariesToLose],
  recovered: [],
  restoration: {
    name: 'restore to just before the deletion, and bring the rows back',
    steps: [
      findDeletion,
      chooseState,
      restoreDatabase,
      compareConfiguration,
      connectApplication,
      checkRestoredData,
      bringRowsBack,
      checkIntegrity,
    ],
  },
  cleanUp: [stopTask, deleteRestored],
  exposure: archiveExposure,
  checks: [
    faultIsProved('rows-missed', { en: 'users missed the rows', ja: '利用者から見て行が失われた' }),
    canariesAreOnBothSides,
    healthAnswersAgain('health-good', { en: 'the health path answers', ja: 'ヘルスチェックが応答する' }),
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
    systemEndsWhole('system-whole', { en: 'the system is whole', ja: 'システムに欠けがない' }),
  ],
  limitMs: 10_800_000,
});
