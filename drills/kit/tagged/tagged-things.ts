import { notOfferedBy } from '../../../fixtures/core/missing-api.ts';
import { taggedBackups, taggedDatabases, taggedSnapshots } from './databases.ts';
import { taggedExperiments, taggedTemplates } from './experiments.ts';
import { heldLock } from './lock-parameter.ts';
import { type Account, regionsOf, type Tagged } from './tagged.ts';
import { taggedTasks } from './tasks.ts';

/** What could be found, which kinds could not be looked for and why, and which the stage does not offer. */
export interface Findings {
  readonly things: readonly Tagged[];
  readonly unseen: readonly string[];
  /** Where an API is not offered nothing can have been made through it. */
  readonly notOffered: readonly string[];
}

/** In the order in which it is removed: what may still break something first. */
const REGIONAL = [taggedExperiments, taggedTemplates, taggedDatabases, taggedSnapshots, taggedBackups];
const OF_SYSTEM = [taggedTasks, heldLock];

/** All that any run has made and that is still there, in both regions. */
export async function taggedThings(account: Account): Promise<Findings> {
  const regions = regionsOf(account.system);
  const looks = [
    ...REGIONAL.flatMap((list) => regions.map((region) => look(account, () => list(account, region)))),
    ...OF_SYSTEM.map((list) => look(account, () => list(account, account.system.regions.primary))),
  ];
  const seen = await Promise.all(looks);
  return {
    things: seen.flatMap(({ things = [] }) => things),
    unseen: seen.flatMap(({ unseen = [] }) => unseen),
    notOffered: seen.flatMap(({ notOffered = [] }) => notOffered),
  };
}

async function look({ stage }: Account, list: () => Promise<Tagged[]>): Promise<Partial<Findings>> {
  try {
    return { things: await list() };
  } catch (error) {
    // Elsewhere what looks so, such as a proxy's page, hides what may be left.
    const missing = notOfferedBy(stage, error);
    if (missing !== undefined) return { notOffered: [missing.problem] };
    return { unseen: [error instanceof Error ? error.message : String(error)] };
  }
}
