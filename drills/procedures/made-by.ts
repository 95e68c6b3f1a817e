import type { Tag } from '@aws-sdk/client-rds';
import type { Field } from '../../fixtures/core/fault.ts';
import { KunrenError } from '../../probes/core/error.ts';

/** A run on its stage, as far as undoing needs it: also a run that is long dead. */
export type MadeBy = Pick<Field, 'runId' | 'system' | 'stage' | 'clock' | 'patience' | 'signal'>;

/** How long what a drill makes is good for, in hours; whoever finds it later may delete it. Assumed: a drill's day. */
const GOOD_FOR_H = 24;

/** The tag by which what a run has made is found again, and without which nothing is deleted. */
const RUN_TAG = 'kunren:run';

/** The tags of all that a drill makes. */
export const tagsOf = ({ runId, drillId }: Pick<Field, 'runId' | 'drillId'>): Tag[] => [
  { Key: RUN_TAG, Value: runId },
  { Key: 'kunren:drill', Value: drillId },
  { Key: 'kunren:expires', Value: new Date(Date.now() + GOOD_FOR_H * 3_600_000).toISOString() },
];

/** The name under which a drill starts its tasks, by which they are found again; ECS takes 128 characters. */
export const startedByOf = ({ runId, drillId }: Pick<Field, 'runId' | 'drillId'>): string =>
  `kunren/${runId}/${drillId}`.slice(0, 128);

/** Whether this very run has made the thing that has these tags. */
export const isMadeBy = ({ runId }: Pick<MadeBy, 'runId'>, tags: readonly Tag[] = []): boolean =>
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
