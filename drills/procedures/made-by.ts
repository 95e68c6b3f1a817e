import type { Tag } from '@aws-sdk/client-rds';
import type { Field } from '../../fixtures/core/fault.ts';
import { RUN_TAG, runTags } from '../../fixtures/stages/run-tags.ts';
import { KunrenError } from '../../probes/core/error.ts';

/** A run on its stage, as far as undoing needs it: also a run that is long dead. */
export type MadeBy = Pick<Field, 'runId' | 'system' | 'stage' | 'clock' | 'patience' | 'signal'>;

/** The tags of all that a drill makes. */
export const tagsOf = (drill: Pick<Field, 'runId' | 'drillId'>): Tag[] =>
  Object.entries(runTags(drill)).map(([Key, Value]) => ({ Key, Value }));

/** The name under which a drill starts its tasks, by which they are found again; ECS takes 128 characters. */
export const startedByOf = ({ runId, drillId }: Pick<Field, 'runId' | 'drillId'>): string =>
  `kunren/${runId}/${drillId}`.slice(0, 128);

/** Whether this very run has made the thing that has these tags. */
const isMadeBy = ({ runId }: Pick<MadeBy, 'runId'>, tags: readonly Tag[] = []): boolean =>
  tags.some(({ Key, Value }) => Key === RUN_TAG && Value === runId);

/** Throws unless it has. */
export function checkMadeBy({ runId }: Pick<MadeBy, 'runId'>, what: string, tags?: readonly Tag[]): void {
  if (isMadeBy({ runId }, tags)) return;
  throw new KunrenError(
    'not-ours',
    `${what} does not carry the tag ${RUN_TAG} = ${runId}: it is not this run's, and was left alone.`,
    'look whose it is; delete it by hand if it is wanted no more.',
  );
}
