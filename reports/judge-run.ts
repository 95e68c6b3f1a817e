import type { System } from '../fixtures/core/system.ts';
import type { DrillEvidence } from './core/evidence.ts';
import { judgeDrill } from './core/judge-drill.ts';
import type { DrillResult } from './core/result.ts';
import { type DrillRecord, type Integrity, type RunDocument, systemSnapshot } from './core/run-document.ts';
import { checkManifest } from './manifest.ts';
import type { RunFolder } from './run-folder.ts';
import { readDrill, readRunEvidence, type StoredDrill, storedDrills } from './stored-evidence.ts';

/**
 * Judges the evidence on disk by the objectives of `system`. Reads only. A drill whose evidence is damaged, or is
 * not as the manifest has it, is `unknown`; so is every drill when that of the run itself is not.
 */
export async function judgeRun(folder: RunFolder, system: System): Promise<RunDocument> {
  const run = await readRunEvidence(folder);
  const integrity = await checkManifest(folder);
  const described = systemSnapshot(system);
  const stored = await storedDrills(folder);
  for (const id of vanishedDrills(stored, integrity)) stored.push(await readDrill(folder, id));
  const drills = stored.map(({ evidence, series }): DrillRecord => {
    const facts = {
      evidence: withIntegrity(evidence, integrity),
      series,
      scenarios: described.scenarios,
      calibrationHolds: run.calibration.holds,
    };
    const { result, readings } = judgeDrill(facts);
    return { evidence, result, readings: [...readings] } as DrillRecord;
  });
  return { schemaVersion: 1, run, system: described, drills, integrity } as RunDocument;
}

/**
 * Judges one drill as soon as its evidence is on disk, before the run has ended. The manifest is not asked
 * yet: `judgeRun` does, and may turn `met` into `unknown`.
 */
export async function judgeDrillFolder(
  folder: RunFolder,
  drillId: string,
  system: System,
  calibrationHolds: boolean,
): Promise<DrillResult> {
  const stored: StoredDrill = await readDrill(folder, drillId);
  return judgeDrill({ ...stored, scenarios: systemSnapshot(system).scenarios, calibrationHolds }).result;
}

/** Drills that the manifest has files of and that left no folder. */
function vanishedDrills(stored: readonly StoredDrill[], { differences }: Integrity): string[] {
  const named = differences.flatMap((difference) => /^drills\/([^/]+)\//.exec(difference)?.[1] ?? []);
  return [...new Set(named)].filter((id) => !stored.some(({ evidence }) => evidence.drillId === id));
}

function withIntegrity(evidence: DrillEvidence, { manifest, differences }: Integrity): DrillEvidence {
  if (manifest !== 'differs' || evidence.notRun !== undefined || evidence.undecided !== undefined) return evidence;
  const own = differences.find((difference) => difference.startsWith(`drills/${evidence.drillId}/`));
  const runs = differences.find((difference) => !difference.startsWith('drills/'));
  const why = own ?? runs;
  return why === undefined ? evidence : { ...evidence, undecided: `evidence altered: ${why}` };
}
