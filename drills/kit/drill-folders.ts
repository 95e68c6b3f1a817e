import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from '../../fixtures/project-folder.ts';
import { KunrenError } from '../../probes/core/error.ts';

/** A drill's file is named by its id; those that come with the npm package are compiled. */
const DRILL_FILE = /^(.+)\.drill\.[jt]s$/;

const OWN_DRILLS = fileURLToPath(new URL('..', import.meta.url));

/**
 * Every drill there is, by its id: those that come with Kunren and those in the folder `drills` of the user's project.
 * Absolute paths. Two of one id are refused: which of them judged the system would be a matter of chance.
 */
export function drillFiles(own = OWN_DRILLS, users = join(projectFolder(), 'drills')): ReadonlyMap<string, string> {
  const files = drillsIn(own);
  if (join(users, '/') === join(own, '/')) return files;
  for (const [id, file] of drillsIn(users)) {
    const other = files.get(id);
    if (other !== undefined) throw clash(id, other, file);
    files.set(id, file);
  }
  return files;
}

function drillsIn(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of namesIn(folder)) {
    const id = DRILL_FILE.exec(name)?.[1];
    if (id === undefined) continue;
    const other = files.get(id);
    if (other !== undefined) throw clash(id, other, join(folder, name));
    files.set(id, join(folder, name));
  }
  return files;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new KunrenError('drills-unreadable', `${folder} cannot be read (${cause}).`, 'make it a folder of drills.', {
      cause,
    });
  }
}

const clash = (id: string, one: string, other: string): KunrenError =>
  new KunrenError('drill-twice', `There are two drills "${id}": ${one} and ${other}.`, 'rename one of the files.');
