import { makeHome, removeHomeIfEmpty } from '../fixtures/stages/home.ts';
import { type LoadedSystem, loadSystem } from '../fixtures/system-file.ts';
import { findPostgresBinaries } from '../fixtures/twin/postgres/binaries.ts';
import { requireEntrance, serverUser } from '../fixtures/twin/postgres/server-user.ts';
import { copyNeeds } from './doctor/copy-needs.ts';
import { databaseNeeds } from './doctor/database-needs.ts';
import { drillsHere } from './doctor/drills-here.ts';
import { guardNeeds } from './doctor/guard-needs.ts';
import { type Examined, examine, type Need } from './doctor/need.ts';
import { serviceNeeds } from './doctor/service-needs.ts';
import { stageAsked } from './doctor/stage-asked.ts';
import { EXIT } from './exit.ts';

export interface DoctorFlags {
  readonly stage?: string;
  readonly endpoint?: string;
  readonly config?: string;
}

/** Something could not be looked at. */
const UNKNOWN = 2;

const MACHINE: readonly Need[] = [
  { name: 'Node', find: () => process.version },
  { name: 'Postgres', find: () => findPostgresBinaries().version },
  {
    name: 'folder for stages',
    find() {
      const home = makeHome();
      try {
        requireEntrance(serverUser(), home);
        return home;
      } finally {
        removeHomeIfEmpty();
      }
    },
  },
  {
    name: 'user',
    find: () => (process.getuid?.() === 0 ? `root (Postgres runs as ${serverUser()?.name})` : 'not root'),
  },
];

/**
 * Checks all that a rehearsal needs and prints a line for each; with a stage, also the config against the account, and
 * which drills can be run there. Exit 0 when all is there, 3 when something is missing, 2 when something is unknown.
 */
export async function doctor(flags: DoctorFlags): Promise<number> {
  let loaded: LoadedSystem | undefined;
  const config: Need = {
    name: 'config',
    async find() {
      loaded = await loadSystem(flags.config);
      return `${loaded.system.name} (${loaded.path})`;
    },
  };
  const examined = await printed([...MACHINE, config]);
  if (flags.stage !== undefined && loaded !== undefined) {
    const stage = await stageAsked({ ...flags, stage: flags.stage }, loaded);
    const place = { stage, system: loaded.system };
    const needs = [databaseNeeds, serviceNeeds, copyNeeds, guardNeeds].flatMap((needsOf) => needsOf(place));
    const seen = await printed(needs);
    examined.push(...seen);
    for (const { id, state, why } of await drillsHere(place, loaded.path, seen)) {
      process.stdout.write(`${state.padEnd(8)} ${id}${why && `: ${why}`}\n`);
    }
  }
  const states = examined.map(({ state }) => state);
  if (states.includes('missing')) return EXIT.harness;
  return states.includes('unknown') ? UNKNOWN : EXIT.ok;
}

async function printed(needs: readonly Need[]): Promise<Examined[]> {
  const examined = await Promise.all(needs.map(examine));
  for (const { state, name, text } of examined) process.stdout.write(`${state.padEnd(8)} ${name}: ${text}\n`);
  return examined;
}
