import type { System } from '../fixtures/core/system.ts';
import type { DrillEvidence } from './core/evidence.ts';
import { judgeDrill } from './core/judge-drill.ts';
import type { DrillResult } from './core/result.ts';
import { type DrillRecord, type Integrity, type RunDocument, systemSnapshot } from './core/run-document.ts';
import { checkManifest } from './manifest.ts';
import type { RunFolder } from './run-folder.ts';
import { absentDrill, readDrill, readRunEvidence, type StoredDrill, storedDrills } from './stored-evidence.ts';

/**
 * Judges the evidence on disk by the objectives of `system`. Reads only. A drill whose evidence is damaged, or is
 * not as the manifest has it, is `unknown`; so is one that was chosen and left none, one of another system, and
 * every drill when the evidence of the run itself is not as it was.
 */
export async function judgeRun(folder: RunFolder, system: System): Promise<RunDocument> {
  const run = await readRunEvidence(folder);
  const integrity = await checkManifest(folder);
  const described = systemSnapshot(system);
  const stored = await storedDrills(folder);
  for (const id of vanishedDrills(stored, integrity)) stored.push(await readDrill(folder, id));
  for (const id of run.chosen ?? []) {
    if (!stored.some(({ evidence }) => evidence.drillId === id)) stored.push(absentDrill(id));
  }
  const drills = stored.map(({ evidence, series }): DrillRecord => {
    const facts = {
      evidence: ofThisSystem(withIntegrity(evidence, integrity), system),
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

/** Scenario ids may be the same in two systems; what was promised for one says nothing of the other. */
function ofThisSystem(evidence: DrillEvidence, { name, services }: System): DrillEvidence {
  if (evidence.notRun !== undefined || evidence.undecided !== undefined) return evidence;
  const strange = evidence.probes.find(
    (probe) => probe.service !== undefined && !services.some((service) => service.name === probe.service),
  );
  if (strange === undefined) return evidence;
  const undecided = `the evidence is of service "${strange.service}", which the system description "${name}" does not have`;
  return { ...evidence, undecided };
}

function withIntegrity(evidence: DrillEvidence, { manifest, differences }: Integrity): DrillEvidence {
  if (manifest !== 'differs' || evidence.notRun !== undefined || evidence.undecided !== undefined) return evidence;
  const own = differences.find((difference) => difference.startsWith(`drills/${evidence.drillId}/`));
  const runs = differences.find((difference) => !difference.startsWith('drills/'));
  const why = own ?? runs;
  return why === undefined ? evidence : { ...evidence, undecided: `evidence altered: ${why}` };
}
