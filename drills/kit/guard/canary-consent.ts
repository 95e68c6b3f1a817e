import type { Stage } from '../../../fixtures/core/stage.ts';
import type { System } from '../../../fixtures/core/system.ts';
import type { Guarded } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/** Whether probes may write: into a real system only with its owner's consent. */
export const mayWrite = (stage: Pick<Stage, 'kind'>, { guardRails }: System): boolean =>
  stage.kind !== 'aws' || guardRails.canary !== undefined;

/** Of a drill and where it would run, what tells what it writes there. */
interface Asked {
  readonly field: Pick<Guarded['field'], 'stage' | 'system'>;
  readonly spec: Guarded['spec'];
}

/** What a drill writes into a real system its owner knows, by a mark in each row, and has agreed to. */
export function canaryConsentRule({ field, spec }: Asked): RuleOutcome {
  const { stage, system } = field;
  if (stage.kind !== 'aws') return notApplicable(`rows of stage ${stage.kind} are nobody's`);
  const writesRows = (spec.arrange ?? []).some(({ writes }) => writes);
  const { canary } = system.guardRails;
  if (canary === undefined) {
    if (!writesRows) return held('nothing is written: guardRails.canary names no consent');
    const what = 'the drill writes numbered rows, and guardRails.canary names no consent to that';
    throw refusal(
      'canary-consent',
      what,
      'describe the marker, the clean-up and who agreed to it in guardRails.canary.',
    );
  }
  const requests = [
    ...system.services.flatMap(({ name, writes }) => (writes ? [{ of: `writes of ${name}`, ...writes.request }] : [])),
    ...(writesRows && system.data ? [{ of: 'data.canary', ...system.data.canary }] : []),
  ];
  const unmarked = requests.find(({ path, body = '' }) => !`${path} ${body}`.includes(canary.marker));
  if (unmarked !== undefined) {
    const what = `the request of ${unmarked.of} does not hold the marker "${canary.marker}"`;
    throw refusal('canary-consent', what, 'put the marker into its body or path, where the row keeps it.');
  }
  const { method, path } = canary.cleanUp;
  if (!path.includes('{reference}')) {
    const what = `the clean-up ${method} ${path} does not say which row it removes`;
    throw refusal('canary-consent', what, 'put {reference} into guardRails.canary.cleanUp.path.');
  }
  const { by, on } = canary.consent;
  return held(`rows marked "${canary.marker}", agreed to by ${by} on ${on}`);
}
