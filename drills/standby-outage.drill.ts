import { drill } from './kit/drill.ts';
import { zoneLoss } from './kit/zone-drill.ts';

// Runbook: level 1, the standby of the database is lost.
drill(
  'standby-outage',
  zoneLoss({
    title: {
      en: 'the zone of the standby is lost, the primary goes on alone, and the standby is rebuilt',
      ja: '待機系の AZ が失われてもプライマリだけで継続し、待機系が再構築される',
    },
    scenario: 'standby-failure',
    of: 'standby',
    lost: { id: 'standby-lost', claim: { en: 'the database has no standby any more', ja: '待機系が失われた' } },
    wholeId: 'standby-back',
  }),
);
