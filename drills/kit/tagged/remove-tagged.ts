import { notOfferedBy } from '../../../fixtures/core/missing-api.ts';
import { until } from '../../../fixtures/core/until.ts';
import type { MadeBy } from '../../procedures/made-by.ts';
import type { Account, Tagged } from './tagged.ts';

/** What was made a moment ago may be missing in one list. */
const LOOKS_IN_A_ROW = 2;

/** Removes everything of one kind that carries the run's tag, until nothing is found of it any more. */
export async function removeTagged(
  place: MadeBy,
  region: string,
  find: (account: Account, region: string) => Promise<Tagged[]>,
): Promise<void> {
  const { clock, patience, signal } = place;
  const wait = { name: `all that run ${place.runId} has made to be gone`, limitMs: patience.deleteMs };
  const remedy = 'look at what carries the tag of the run.';
  // Where an API is not offered nothing can have been made through it.
  const findOffered = () =>
    find(place, region).catch((error: unknown) => {
      if (notOfferedBy(place.stage, error) === undefined) throw error;
      return [];
    });
  let looks = 0;
  await until(clock, { ...wait, everyMs: patience.pollMs, signal, remedy }, async () => {
    const found = (await findOffered()).filter(({ runId }) => runId === place.runId);
    for (const { remove } of found) await remove(place);
    looks = found.length === 0 ? looks + 1 : 0;
    return looks >= LOOKS_IN_A_ROW ? true : undefined;
  });
}
