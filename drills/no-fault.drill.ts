import { noFault } from '../fixtures/faults/no-fault.ts';
import { functionsAnswer, systemEndsWhole } from './kit/checks.ts';
import { drill } from './kit/drill.ts';

// The control: the same probes, the same phases, and nothing broken.
drill('no-fault', {
  title: {
    en: 'nothing is broken and users see no outage',
    ja: '何も壊さなければ、利用者に停止は見えない',
  },
  scenarios: [],
  fault: noFault(),
  expectsNoOutage: true,
  recovered: [],
  checks: [
    functionsAnswer('functions-answer', { en: 'all functions answer', ja: '全機能が応答する' }),
    systemEndsWhole('system-whole', { en: 'the system is whole', ja: 'システムに欠けがない' }),
  ],
  limitMs: 120_000,
});
