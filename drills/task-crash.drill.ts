import { crashTask } from '../fixtures/faults/hurt-task.ts';
import { drill } from './kit/drill.ts';
import { taskFailure } from './kit/task-drill.ts';

// Runbook: scenario 1.
drill(
  'task-crash',
  taskFailure(
    {
      en: 'a crashed task is replaced and no acknowledged write is lost',
      ja: '異常終了したタスクは補充され、確定済みの書き込みは失われない',
    },
    crashTask(),
  ),
);
