import { exhaustMemory } from '../fixtures/faults/hurt-task.ts';
import { drill } from './kit/drill.ts';
import { taskFailure } from './kit/task-drill.ts';

// Runbook: scenario 1.
drill(
  'task-out-of-memory',
  taskFailure(
    {
      en: 'a task killed for its memory is replaced and no acknowledged write is lost',
      ja: 'メモリ不足で強制終了されたタスクは補充され、確定済みの書き込みは失われない',
    },
    exhaustMemory(),
  ),
);
