import { freezeTask } from '../fixtures/faults/hurt-task.ts';
import { drill } from './kit/drill.ts';
import { taskFailure } from './kit/task-drill.ts';

// Runbook: scenario 1.
drill(
  'task-unhealthy',
  taskFailure(
    {
      en: 'a task that lives but fails its health checks is replaced',
      ja: '動いていてもヘルスチェックに失敗するタスクは入れ替えられる',
    },
    freezeTask(),
  ),
);
