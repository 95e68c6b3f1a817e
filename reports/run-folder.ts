import { open, readlink, rename, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { KunrenError } from '../probes/core/error.ts';
import { syncFolder } from './whole-file.ts';

/** Where everything of one run lies. Paths are absolute when the base folder is. */
export interface RunFolder {
  readonly runId: string;
  readonly root: string;
  readonly journal: string;
  readonly runEvidence: string;
  /** SHA-256 of the evidence, written when it is complete. */
  readonly manifest: string;
  readonly document: string;
  readonly compliance: string;
  readonly html: string;
  readonly junit: string;
  readonly jobSummary: string;
  readonly drills: string;
}

/** A run's or drill's id is the name of a folder; nothing in it may lead elsewhere. */
const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The layout of run `runId` below `base` (reports/runs). Touches no file. */
export function runFolder(base: string, runId: string): RunFolder {
  const root = join(base, safe(runId));
  return {
    runId,
    root,
    journal: join(root, 'journal.jsonl'),
    runEvidence: join(root, 'run-evidence.json'),
    manifest: join(root, 'manifest.json'),
    document: join(root, 'run.json'),
    compliance: join(root, 'compliance.md'),
    html: join(root, 'report.html'),
    junit: join(root, 'junit.xml'),
    jobSummary: join(root, 'job-summary.md'),
    drills: join(root, 'drills'),
  };
}

/** Where one drill's evidence.json, samples and ledgers lie. */
export function drillFolder(folder: RunFolder, drillId: string): string {
  return join(folder.drills, safe(drillId));
}

function safe(id: string): string {
  if (SAFE_ID.test(id)) return id;
  throw new KunrenError(
    'bad-id',
    `"${id}" cannot be the name of a run or drill.`,
    'Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit.',
  );
}

/** Points `latest` at the run, in one step: it never points nowhere. */
export async function pointLatest(base: string, runId: string): Promise<void> {
  const draft = join(base, `.latest.${process.pid}.draft`);
  await unlink(draft).catch(ignoreMissing);
  await symlink(safe(runId), draft);
  await rename(draft, join(base, 'latest'));
  await syncFolder(base);
}

/** The run that `latest`, or an id, stands for. */
export async function findRun(base: string, run: string): Promise<RunFolder> {
  const runId = run === 'latest' ? await readlink(join(base, 'latest')).catch(() => null) : run;
  if (runId === null) throw new KunrenError('no-run', `There is no run in ${base}.`, 'Run a drill first.');
  const folder = runFolder(base, runId);
  const opened = await open(folder.root, 'r').catch((cause: unknown) => {
    throw new KunrenError(
      'no-run',
      `There is no run "${runId}" in ${base}.`,
      'Name a folder that is there, or "latest".',
      {
        cause,
      },
    );
  });
  await opened.close();
  return folder;
}

function ignoreMissing(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
}
