import type { Tag } from '@aws-sdk/client-rds';
import { until } from '../../fixtures/core/until.ts';
import { checkMadeBy, type MadeBy } from './made-by.ts';

/**
 * Has something deleted that the run has made, and waits until it is gone. While its state allows no deletion it is asked
 * for again. What is gone already counts as done; what another has made is refused.
 */
export async function untilGone<Made extends { readonly TagList?: Tag[] | undefined }>(
  place: MadeBy,
  what: string,
  describe: () => Promise<Made | undefined>,
  remove: (made: Made) => Promise<unknown>,
): Promise<void> {
  const made = await describe();
  if (made === undefined) return;
  checkMadeBy(place, what, made.TagList);
  await until(
    place.clock,
    {
      name: `${what} to be gone`,
      limitMs: place.patience.deleteMs,
      everyMs: place.patience.pollMs,
      signal: place.signal,
      remedy: 'look at its status; delete it by hand when it allows it.',
    },
    async () => {
      const now = await describe();
      if (now === undefined) return true;
      await remove(now);
      return undefined;
    },
  );
}
