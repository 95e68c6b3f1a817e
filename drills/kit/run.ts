import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseInstant } from '../../fixtures/core/instant.ts';
import type { StageNote } from '../../fixtures/core/stage.ts';
import type { System } from '../../fixtures/core/system.ts';
import { projectFolder } from '../../fixtures/project-folder.ts';
import { stageLives } from '../../fixtures/stages/attach-stage.ts';
import { makeHome, removeHomeIfEmpty } from '../../fixtures/stages/home.ts';
import { type OpenedStage, openStage } from '../../fixtures/stages/open-stage.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { findPostgresBinaries } from '../../fixtures/twin/postgres/binaries.ts';
import { calibrate } from '../../probes/calibration.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { RunEvidence } from '../../reports/core/evidence.ts';
import type { RunDocument } from '../../reports/core/run-document.ts';
import { judgeRun } from '../../reports/judge-run.ts';
import { renderRun } from '../../reports/render-run.ts';
import { pointLatest, type RunFolder, runFolder } from '../../reports/run-folder.ts';
import { writeRunEvidence } from '../../reports/write-evidence.ts';
import type { MadeBy } from '../procedures/made-by.ts';
import { checkDrills } from './drill-files.ts';
import { checkFlags } from './guard/flags.ts';
import { takeLock } from './lock.ts';
import { placeOn } from './place.ts';
import { replayJournal } from './replay-journal.ts';
import type { RunContext, RunOptions } from './run-context.ts';
import { writeRunNote } from './run-note.ts';
import { sweepStages } from './sweep.ts';
import { TOOL_VERSION } from './version.ts';

/** Where the runs of this project lie. */
export const runsFolder = (): string => process.env['KUNREN_RUNS'] ?? join(projectFolder(), 'reports/runs');

/** A run that has been opened: lock taken, leftovers swept, stage up, prober calibrated. */
export interface Run {
  readonly context: RunContext;
  /** Undoes what is still open, ends the stage, judges and renders. Idempotent. */
  close(): Promise<ClosedRun>;
}

export interface ClosedRun {
  readonly document: RunDocument;
  /** Undos that the journal asked for and that failed. */
  readonly leftOpen: readonly string[];
}

/** Opens a run. When it fails nothing is left behind. */
export async function openRun(options: RunOptions, tell: (line: string) => void): Promise<Run> {
  if (options.restoreTo !== undefined) parseInstant(options.restoreTo, '--restore-to');
  const loaded = await loadSystem(options.config);
  checkFlags(options, loaded.system);
  await checkDrills(options.drills ?? [], loaded.system, loaded.path, options.restoreTo);
  const runId = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`;
  const unlock = takeLock(makeHome(), runId, runFolder(runsFolder(), runId).root);
  let stage: OpenedStage | undefined;
  let made: MadeFolder | undefined;
  try {
    for (const swept of await sweepStages()) tell(`swept: ${swept}`);
    made = makeRunFolder(runId);
    const { folder } = made;
    const startedAt = new Date();
    tell(`run ${runId}: opening stage ${options.stage} for ${loaded.system.name}`);
    const { system } = loaded;
    stage = await openStage({ ...options, kind: options.stage, system, configDirectory: dirname(loaded.path) });
    await writeRunNote(folder.root, { stage: stage.note, configPath: loaded.path, system });
    const calibration = await calibrate();
    tell(`stage ready; calibration ${calibration.holds ? 'holds' : 'FAILED'}`);
    const context: RunContext = {
      runId,
      runDirectory: folder.root,
      configPath: loaded.path,
      seed: options.seed,
      calibrationHolds: calibration.holds,
      stage: stage.note,
      ...(options.restoreTo !== undefined && { restoreTo: options.restoreTo }),
      ...(options.via !== undefined && { via: options.via }),
      ...(options.outsideWindow !== undefined && { outsideWindow: options.outsideWindow }),
    };
    // From here on `latest` is this run, so that a crash never leaves an older, greener one in its place.
    await pointLatest(dirname(folder.root), runId);
    const evidence = (): RunEvidence => runEvidence(runId, startedAt, options, calibration);
    return {
      context,
      close: once(() => finish(folder, loaded.system, stage!, evidence, unlock)),
    };
  } catch (error) {
    await stage?.stop();
    if (made !== undefined) removeEmptyFolders(made);
    unlock();
    removeHomeIfEmpty();
    throw error;
  }
}

async function finish(
  folder: RunFolder,
  system: System,
  stage: OpenedStage,
  evidence: () => RunEvidence,
  unlock: () => void,
): Promise<ClosedRun> {
  try {
    const leftOpen = await replayJournal(folder.journal, placeOf(folder, system, stage.note));
    await stage.stop();
    await writeRunEvidence(folder, evidence());
    const document = await judgeRun(folder, system);
    await renderRun(folder, document);
    return { document, leftOpen };
  } finally {
    await stage.stop();
    unlock();
    removeHomeIfEmpty();
  }
}

/** The run on its stage, for what is still to be undone; nothing when the stage has died. */
function placeOf({ root }: RunFolder, system: System, note: StageNote): MadeBy | undefined {
  if (!stageLives(note)) return undefined;
  return { ...placeOn(note, system), runId: basename(root) };
}

interface MadeFolder {
  readonly folder: RunFolder;
  /** The uppermost folder that had to be made for it. */
  readonly from: string;
}

function makeRunFolder(runId: string): MadeFolder {
  const folder = runFolder(runsFolder(), runId);
  try {
    return { folder, from: mkdirSync(folder.root, { recursive: true }) ?? folder.root };
  } catch (cause) {
    throw new KunrenError(
      'no-permission',
      `The folder ${folder.root} cannot be made (${cause instanceof Error ? cause.message : cause}).`,
      'set KUNREN_RUNS to a folder that you may write to.',
      { cause },
    );
  }
}

/** A run that was never opened leaves no empty folders. */
function removeEmptyFolders({ folder, from }: MadeFolder): void {
  let path = resolve(folder.root);
  while (path.startsWith(resolve(from)) && readdirSync(path).length === 0) {
    rmdirSync(path);
    path = dirname(path);
  }
}

function runEvidence(
  runId: string,
  startedAt: Date,
  options: RunOptions,
  calibration: RunEvidence['calibration'],
): RunEvidence {
  return {
    schemaVersion: 1,
    runId,
    toolVersion: TOOL_VERSION,
    startedAt: startedAt.toISOString(),
    endedAt: new Date().toISOString(),
    stage: { kind: options.stage, provenance: options.stage === 'aws' ? 'evidence' : 'rehearsal' },
    seed: options.seed,
    ...(options.drills !== undefined && { chosen: [...options.drills] }),
    spoiled: options.spoil !== undefined,
    calibration,
    host: {
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      postgres: findPostgresBinaries().version,
    },
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= work();
    return answer;
  };
}
