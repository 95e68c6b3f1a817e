import type { Fault } from '../../fixtures/core/fault.ts';
import { newDeployment } from '../procedures/force-new-deployment.ts';
import { faultIsProved, functionsAnswer, healthAnswersAgain, systemEndsWhole, targetsAreHealthy } from './checks.ts';
import { systemIsWhole } from './conditions.ts';
import type { DrillSpec } from './spec.ts';
import { taskIsReplaced } from './task-checks.ts';

/**
 * Runbook: a task of a service fails and ECS replaces it; when it does not, an operator forces a new
 * deployment. The drills of that scenario differ in how the task fails.
 */
export const taskFailure = (title: DrillSpec['title'], fault: Fault): DrillSpec => ({
  title,
  scenarios: ['task-failure'],
  fault,
  recovered: [systemIsWhole()],
  procedure: newDeployment,
  checks: [
    faultIsProved('task-gone', { en: 'the task is gone', ja: '対象タスクが停止した' }),
    taskIsReplaced('task-replaced', { en: 'ECS replaces the task by itself', ja: 'ECS が自動でタスクを補充する' }),
    systemEndsWhole('service-stable', {
      en: 'the service runs as many healthy tasks as it should, and the old one has left the balancer',
      ja: '正常なタスクが必要数そろい、古いタスクはロードバランサーから外れている',
    }),
    targetsAreHealthy('target-healthy', {
      en: 'the balancer finds every target healthy',
      ja: 'ロードバランサーから見て全ターゲットが正常である',
    }),
    healthAnswersAgain('health-good', { en: 'the health path answers again', ja: 'ヘルスチェックが再び応答する' }),
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
  ],
  limitMs: 900_000,
});
