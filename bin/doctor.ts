import { makeHome, removeHomeIfEmpty } from '../fixtures/stages/home.ts';
import { loadSystem } from '../fixtures/system-file.ts';
import { findPostgresBinaries } from '../fixtures/twin/postgres/binaries.ts';
import { requireEntrance, serverUser } from '../fixtures/twin/postgres/server-user.ts';
import { KunrenError } from '../probes/core/error.ts';
import { EXIT } from './exit.ts';

/** One thing that a rehearsal needs; resolves to what was found, or throws with the remedy. */
interface Need {
  readonly name: string;
  find(): string | Promise<string>;
}

const NEEDS: readonly Need[] = [
  { name: 'Node', find: () => process.version },
  { name: 'Postgres', find: () => findPostgresBinaries().version },
  { name: 'config', find: async () => (await loadSystem()).system.name },
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

/** Checks all that a rehearsal needs and prints a line for each: exit 0 when nothing is missing, else 3. */
export async function doctor(): Promise<number> {
  let missing = 0;
  for (const need of NEEDS) {
    try {
      process.stdout.write(`ok       ${need.name}: ${await need.find()}\n`);
    } catch (error) {
      missing++;
      const text = error instanceof KunrenError ? error.message : String(error);
      process.stdout.write(`missing  ${need.name}: ${text}\n`);
    }
  }
  return missing === 0 ? 0 : EXIT.harness;
}
