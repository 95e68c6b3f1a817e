import { forceFailover } from '../fixtures/faults/force-failover.ts';
import {
  databaseIsAvailable,
  downtimeIsMeasured,
  failoverEventsTell,
  failoverIsOnRecord,
  faultIsProved,
  functionsAnswer,
  healthAnswersAgain,
  recoversByItself,
  systemEndsWhole,
} from './kit/checks.ts';
import { drill } from './kit/drill.ts';
import { newDeployment } from './procedures/force-new-deployment.ts';

// Runbook: scenario 2 and exercise 3.
drill('database-failover', {
  title: {
    en: 'the database fails over to its standby and the service recovers by itself',
    ja: 'データベースが待機系に切り替わり、サービスは自動で復旧する',
  },
  scenarios: ['az-failure', 'failover-exercise'],
  fault: forceFailover(),
  recovered: [],
  procedure: newDeployment,
  checks: [
    failoverIsOnRecord('failover-succeeded', {
      en: 'the failover is on record',
      ja: 'フェイルオーバーが記録されている',
    }),
    faultIsProved('az-swapped', {
      en: 'primary and standby have swapped zones',
      ja: 'プライマリと待機系の AZ が入れ替わった',
    }),
    downtimeIsMeasured('downtime-measured', { en: 'the downtime is measured', ja: '停止時間を計測した' }),
    recoversByItself('service-recovered', { en: 'the service recovers by itself', ja: 'サービスが自動で復旧する' }),
    failoverEventsTell('failover-events', {
      en: 'the events of RDS tell of the failover',
      ja: 'RDS のイベントにフェイルオーバーの記録がある',
    }),
    databaseIsAvailable('status-available', { en: 'the database is available', ja: 'データベースが利用可能である' }),
    healthAnswersAgain('health-good', { en: 'the health path answers again', ja: 'ヘルスチェックが再び応答する' }),
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
    systemEndsWhole('system-whole', { en: 'the system has its standby again', ja: '待機系を含めシステムに欠けがない' }),
  ],
  residual: ['the primary and the standby of the database have swapped zones'],
  limitMs: 1_800_000,
});
