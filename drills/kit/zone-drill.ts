import { azOutage, type ZoneOf } from '../../fixtures/faults/az-outage.ts';
import type { Check } from '../../reports/core/evidence.ts';
import { newDeployment } from '../procedures/force-new-deployment.ts';
import {
  databaseIsAvailable,
  downtimeIsMeasured,
  faultIsProved,
  functionsAnswer,
  healthAnswersAgain,
  nothingIsUntold,
  recoversByItself,
} from './checks.ts';
import type { CheckMaker, DrillSpec } from './spec.ts';
import { recoversWhileLost, systemIsWholeAgain, zoneComesBack } from './zone-checks.ts';

/** In what the drills of a lost zone differ. */
interface ZoneLoss {
  readonly title: DrillSpec['title'];
  readonly scenario: string;
  readonly of: ZoneOf;
  /** What proves the loss. */
  readonly lost: { readonly id: string; readonly claim: Check['claim'] };
  /** The checklist's name for the system being whole again. */
  readonly wholeId: string;
  /** Checked beside, right after the proof. */
  readonly more?: readonly CheckMaker[];
  readonly residual?: readonly string[];
}

/**
 * Runbook: a zone is lost with all that runs in it. Users must be served while it is lost, and the system must be whole
 * again once it is back.
 */
export const zoneLoss = ({ title, scenario, of, lost, wholeId, more = [], residual = [] }: ZoneLoss): DrillSpec => ({
  title,
  scenarios: [scenario],
  fault: azOutage(of),
  recovered: [],
  procedure: newDeployment,
  afterwards: [zoneComesBack(), systemIsWholeAgain(wholeId)],
  checks: [
    faultIsProved(lost.id, lost.claim),
    ...more,
    recoversByItself('service-recovered', { en: 'the service recovers by itself', ja: 'サービスが自動で復旧する' }),
    recoversWhileLost('served-meanwhile', {
      en: 'users are served while the zone is still lost',
      ja: 'AZ が失われている間に応答が戻る',
    }),
    downtimeIsMeasured('downtime-measured', { en: 'the downtime is measured', ja: '停止時間を計測した' }),
    databaseIsAvailable('status-available', { en: 'the database is available', ja: 'データベースが利用可能である' }),
    healthAnswersAgain('health-good', { en: 'the health path answers again', ja: 'ヘルスチェックが再び応答する' }),
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
    nothingIsUntold('whole-told', {
      en: 'standby and balancers are told of, so that their lack would be seen',
      ja: '待機系とロードバランサーの状態が確認できる',
    }),
  ],
  residual,
  limitMs: 2_400_000,
});
