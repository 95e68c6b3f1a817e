import { azOutage } from '../fixtures/faults/az-outage.ts';
import {
  databaseIsAvailable,
  downtimeIsMeasured,
  failoverIsOnRecord,
  faultIsProved,
  functionsAnswer,
  healthAnswersAgain,
  recoversByItself,
} from './kit/checks.ts';
import { drill } from './kit/drill.ts';
import { recoversWhileLost, systemIsWholeAgain, zoneComesBack } from './kit/zone-checks.ts';
import { forceNewDeployment } from './procedures/force-new-deployment.ts';

// Runbook: scenario 2, with the whole zone and not the database alone.
drill('az-outage', {
  title: {
    en: 'the zone of the primary is lost, users are served from the other zone, and the system becomes whole again',
    ja: 'プライマリの AZ が失われても別の AZ から応答し、AZ の復帰後に元どおりになる',
  },
  scenarios: ['az-failure'],
  fault: azOutage('primary'),
  recovered: [],
  procedure: { name: 'force a new deployment', run: forceNewDeployment },
  afterwards: [zoneComesBack(), systemIsWholeAgain('whole-again')],
  checks: [
    faultIsProved('az-lost', {
      en: 'the zone is lost, and the primary has left it',
      ja: 'AZ が失われ、プライマリが移った',
    }),
    failoverIsOnRecord('failover-events', {
      en: 'the events of the failover are looked up',
      ja: 'フェイルオーバーのイベントを確認した',
    }),
    recoversByItself('service-recovered', { en: 'the service recovers by itself', ja: 'サービスが自動で復旧する' }),
    recoversWhileLost('served-meanwhile', {
      en: 'users are served while the zone is still lost',
      ja: 'AZ が失われている間に応答が戻る',
    }),
    downtimeIsMeasured('downtime-measured', { en: 'the downtime is measured', ja: '停止時間を計測した' }),
    databaseIsAvailable('status-available', { en: 'the database is available', ja: 'データベースが利用可能である' }),
    healthAnswersAgain('health-good', { en: 'the health path answers again', ja: 'ヘルスチェックが再び応答する' }),
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
  ],
  residual: ['the primary and the standby of the database have swapped zones'],
  limitMs: 2_400_000,
});
