import { stopTask } from '../fixtures/faults/stop-task.ts';
import { drill } from './kit/drill.ts';
import { taskFailure } from './kit/task-drill.ts';

// Runbook: scenario 1.
drill(
  'task-kill',
  taskFailure(
    {
      en: 'a stopped task is replaced and no acknowledged write is lost',
      ja: '停止されたタスクは補充され、確定済みの書き込みは失われない',
    },
    stopTask(),
  ),
);
