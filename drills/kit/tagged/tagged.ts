import type { System } from '../../../fixtures/core/system.ts';
import type { MadeBy } from '../../procedures/made-by.ts';

/** Something in the account that says which run has made it. */
export interface Tagged {
  /** For the reader: `database staff-restored-… in ap-northeast-1`. */
  readonly name: string;
  readonly runId: string;
  /** Kept as long as anything else of its run is left. */
  readonly isLock?: true;
  /** From then on whoever finds it may delete it (ISO 8601). */
  readonly expires: string | undefined;
  /** Deletes it and waits until it is gone; `place` is the run that has made it. */
  remove(place: MadeBy): Promise<void>;
}

/** Where things of runs are looked for, and how patiently. */
export type Account = Omit<MadeBy, 'runId'>;

export const regionsOf = ({ regions: { primary, recovery } }: System): string[] => [
  ...new Set([primary, recovery ?? primary]),
];

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** AWS's two ways to write tags, as one. */
export const tagRecord = (tags: readonly Tag[] = []): { [key: string]: string } =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
