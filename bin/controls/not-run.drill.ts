import { drill } from '../../drills/kit/drill.ts';
import { noFault } from '../../fixtures/faults/no-fault.ts';

// A control of the test runner: a drill that no stage can run.
drill('not-run', {
  title: { en: 'a drill that no stage can run is skipped', ja: 'どのステージでも実行できない訓練は省かれる' },
  scenarios: [],
  fault: { ...noFault(), unavailableOn: (stage) => `stage ${stage.kind} cannot do this, on purpose` },
  recovered: [],
  checks: [],
  limitMs: 10_000,
});
