import { azOutage } from '../fixtures/faults/az-outage.ts';
import {
  databaseIsAvailable,
  downtimeIsMeasured,
  faultIsProved,
  functionsAnswer,
  healthAnswersAgain,
  recoversByItself,
} from './kit/checks.ts';
import { drill } from './kit/drill.ts';
import { recoversWhileLost, systemIsWholeAgain, zoneComesBack } from './kit/zone-checks.ts';
import { forceNewDeployment } from './procedures/force-new-deployment.ts';

// Runbook: level 1, the standby of the database is lost.
drill('standby-outage', {
  title: {
    en: 'the zone of the standby is lost, the primary goes on alone, and the standby is rebuilt',
    ja: '待機系の AZ が失われてもプライマリだけで継続し、待機系が再構築される',
  },
  scenarios: ['standby-failure'],
  fault: azOutage('standby'),
  recovered: [],
  procedure: { name: 'force a new deployment', run: forceNewDeployment },
  afterwards: [zoneComesBack(), systemIsWholeAgain('standby-back')],
  checks: [
    faultIsProved('standby-lost', { en: 'the database has no standby any more', ja: '待機系が失われた' }),
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
  limitMs: 2_400_000,
});
