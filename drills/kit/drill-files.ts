import { pathToFileURL } from 'node:url';
import type { System } from '../../fixtures/core/system.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { noteTime } from '../procedures/note-time.ts';
import { drillFiles } from './drill-folders.ts';
import type { DrillSpec } from './spec.ts';

/** What drill files that were imported outside of vitest are about. */
const read = new Map<string, DrillSpec>();
let reading = false;

/** Takes a drill whose file is only read; false when it is to be registered as a test. */
export function takeReadDrill(id: string, spec: DrillSpec): boolean {
  if (reading) read.set(id, spec);
  return reading;
}

/**
 * Refuses, before anything is started, drills whose scenarios the system description lacks, and a wish for a restore
 * time that none of them heeds: it would be thought fulfilled.
 */
export async function checkDrills(
  ids: readonly string[],
  system: System,
  config: string,
  restoreTo?: string,
): Promise<void> {
  await readDrills(ids, system, config);
  if (restoreTo === undefined || ids.length === 0 || ids.some(heedsWish)) return;
  throw new KunrenError(
    'wish-unheeded',
    `--restore-to "${restoreTo}" is for no drill among ${ids.join(', ')}.`,
    'name point-in-time-restore too, or leave it out.',
  );
}

/** What drill files are about, without running them; refused when nothing would judge them. */
export async function readDrills(ids: readonly string[], system: System, config: string): Promise<DrillSpec[]> {
  const specs = await drillSpecs(ids);
  for (const [id, spec] of specs) checkScenarios(id, spec.scenarios, system, config);
  return [...specs.values()];
}

/** What drill files are about, by their ids, whatever the system description says of them. */
export async function drillSpecs(ids: readonly string[]): Promise<ReadonlyMap<string, DrillSpec>> {
  const files = drillFiles();
  reading = true;
  try {
    for (const id of ids) await import(pathToFileURL(files.get(id) ?? id).href);
  } finally {
    reading = false;
  }
  return new Map(ids.map((id) => [id, read.get(id) ?? fail(id, files.get(id))]));
}

function fail(id: string, file: string | undefined): never {
  throw new KunrenError('drill-empty', `The file ${file} registers no drill "${id}".`, 'name the drill as its file.');
}

const heedsWish = (id: string): boolean => read.get(id)?.arrange?.includes(noteTime) ?? false;

/** A drill that nothing in the description judges would end `unknown` after all its work. */
export function checkScenarios(id: string, scenarios: readonly string[], system: System, config: string): void {
  const known = system.scenarios.map((scenario) => scenario.id);
  const missing = scenarios.filter((scenario) => !known.includes(scenario));
  if (missing.length === 0) return;
  const names = missing.map((scenario) => `"${scenario}"`).join(', ');
  throw new KunrenError(
    'scenario-missing',
    `The drill ${id} is judged by ${names}, which is not among the scenarios of ${config} (${known.join(', ')}).`,
    `add it to \`scenarios\` with its objectives, or name other drills.`,
  );
}
