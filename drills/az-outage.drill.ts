import { failoverEventsTell } from './kit/checks.ts';
import { drill } from './kit/drill.ts';
import { zoneLoss } from './kit/zone-drill.ts';

// Runbook: scenario 2, with the whole zone and not the database alone.
drill(
  'az-outage',
  zoneLoss({
    title: {
      en: 'the zone of the primary is lost, users are served from the other zone, and the system becomes whole again',
      ja: 'プライマリの AZ が失われても別の AZ から応答し、AZ の復帰後に元どおりになる',
    },
    scenario: 'az-failure',
    of: 'primary',
    lost: {
      id: 'az-lost',
      claim: { en: 'the zone is lost, and the primary has left it', ja: 'AZ が失われ、プライマリが移った' },
    },
    wholeId: 'whole-again',
    more: [
      failoverEventsTell('failover-events', {
        en: 'the events of RDS tell of the failover',
        ja: 'RDS のイベントにフェイルオーバーの記録がある',
      }),
    ],
    residual: ['the primary and the standby of the database have swapped zones'],
  }),
);
