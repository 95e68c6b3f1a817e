import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillEvidence, RunEvidence } from './core/evidence.ts';
import { writeManifest } from './manifest.ts';
import { drillFolder, type RunFolder } from './run-folder.ts';
import { json, writeWhole } from './whole-file.ts';

/** Puts a drill's evidence on disk, whole, beside its samples. */
export async function writeDrillEvidence(folder: RunFolder, evidence: DrillEvidence): Promise<void> {
  const home = drillFolder(folder, evidence.drillId);
  await mkdir(home, { recursive: true });
  await writeWhole(join(home, 'evidence.json'), json(evidence));
}

/** The last evidence of a run: with it the manifest of all of it is written. */
export async function writeRunEvidence(folder: RunFolder, evidence: RunEvidence): Promise<void> {
  await mkdir(folder.root, { recursive: true });
  await writeWhole(folder.runEvidence, json(evidence));
  await writeManifest(folder);
}
