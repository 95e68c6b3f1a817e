import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { EvidenceFile, Integrity } from './core/run-document.ts';
import type { RunFolder } from './run-folder.ts';
import { json, writeWhole } from './whole-file.ts';

const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string(), bytes: z.number() })),
});

/** Records every evidence file as it is now. Called once all evidence is on disk and before it is judged. */
export async function writeManifest(folder: RunFolder): Promise<void> {
  await writeWhole(folder.manifest, json({ schemaVersion: 1, files: await evidenceFiles(folder) }));
}

/** Compares the evidence on disk with the manifest. Differences are sentences that begin with the file's path. */
export async function checkManifest(folder: RunFolder): Promise<Integrity> {
  const files = await evidenceFiles(folder);
  const text = await readFile(folder.manifest, 'utf8').catch(() => null);
  if (text === null) return { manifest: 'absent', differences: [], files };
  const recorded = parseManifest(text);
  if (recorded === null) {
    return { manifest: 'differs', differences: ['manifest.json cannot be read as a manifest'], files };
  }
  const differences = compare(recorded, files);
  return { manifest: differences.length === 0 ? 'matches' : 'differs', differences, files };
}

function parseManifest(text: string): EvidenceFile[] | null {
  try {
    return manifestSchema.parse(JSON.parse(text)).files;
  } catch {
    return null;
  }
}

function compare(recorded: readonly EvidenceFile[], files: readonly EvidenceFile[]): string[] {
  const now = new Map(files.map((file) => [file.path, file.sha256]));
  const then = new Map(recorded.map((file) => [file.path, file.sha256]));
  const differences = recorded.flatMap(({ path, sha256 }) => {
    if (!now.has(path)) return [`${path} is in the manifest and is missing`];
    return now.get(path) === sha256 ? [] : [`${path} differs from the manifest`];
  });
  return [
    ...differences,
    ...files.filter(({ path }) => !then.has(path)).map(({ path }) => `${path} is not in the manifest`),
  ];
}

/** run-evidence.json and all below drills/, sorted by path, with `/` between folders on every system. */
async function evidenceFiles(folder: RunFolder): Promise<EvidenceFile[]> {
  const below = await readdir(folder.drills, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = below.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: EvidenceFile[] = [];
  for (const path of [folder.runEvidence, ...paths]) {
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) continue;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    files.push({ path: relative(folder.root, path).split(sep).join('/'), sha256, bytes: bytes.length });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
