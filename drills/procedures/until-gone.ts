import type { Tag } from '@aws-sdk/client-rds';
import { until } from '../../fixtures/core/until.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { checkMadeBy, type MadeBy } from './made-by.ts';

/** So many looks in a row must find nothing: one that does may be wrong. Assumed. */
const LOOKS_IN_VAIN = 2;

/**
 * Has something deleted that the run has made, and waits until it is gone. While its state allows no deletion it is asked
 * for again. What is gone already counts as done; what another has made is refused. `find` must look in the list of all
 * before it says that there is none: a name may be denied although it is there.
 */
export async function untilGone<Made extends { readonly TagList?: Tag[] | undefined }>(
  place: MadeBy,
  what: string,
  find: () => Promise<Made | undefined>,
  remove: (made: Made) => Promise<unknown>,
): Promise<void> {
  let inVain = 0;
  const outcome = await until(
    place.clock,
    {
      name: `${what} to be gone`,
      limitMs: place.patience.deleteMs,
      everyMs: place.patience.pollMs,
      signal: place.signal,
      remedy: 'look at its status; delete it by hand when it allows it.',
    },
    async () => {
      const now = await find();
      if (now === undefined) return ++inVain < LOOKS_IN_VAIN ? undefined : 'gone';
      inVain = 0;
      const foreign = whyForeign(place, what, now.TagList);
      if (foreign !== undefined) return foreign;
      await remove(now);
      return undefined;
    },
  );
  if (outcome instanceof KunrenError) throw outcome;
}

/** Waiting makes nobody else's thing ours: it ends the wait. */
function whyForeign(place: MadeBy, what: string, tags?: readonly Tag[]): KunrenError | undefined {
  try {
    checkMadeBy(place, what, tags);
    return undefined;
  } catch (error) {
    if (error instanceof KunrenError) return error;
    throw error;
  }
}
