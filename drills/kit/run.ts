import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseInstant } from '../../fixtures/core/instant.ts';
import { patienceOf } from '../../fixtures/core/patience.ts';
import type { System } from '../../fixtures/core/system.ts';
import { makeHome, removeHomeIfEmpty } from '../../fixtures/stages/home.ts';
import { attachTwin, type TwinHandle, twinLives } from '../../fixtures/stages/twin.ts';
import { type RunningTwin, startTwinStage } from '../../fixtures/stages/twin-process.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { findPostgresBinaries } from '../../fixtures/twin/postgres/binaries.ts';
import { calibrate } from '../../probes/calibration.ts';
import { machineClock } from '../../probes/clock.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { RunEvidence } from '../../reports/core/evidence.ts';
import type { RunDocument } from '../../reports/core/run-document.ts';
import { judgeRun } from '../../reports/judge-run.ts';
import { renderRun } from '../../reports/render-run.ts';
import { pointLatest, type RunFolder, runFolder } from '../../reports/run-folder.ts';
import { writeRunEvidence } from '../../reports/write-evidence.ts';
import type { MadeBy } from '../procedures/made-by.ts';
import { checkDrills } from './drill-files.ts';
import { takeLock } from './lock.ts';
import { replayJournal } from './replay-journal.ts';
import type { RunContext, RunOptions } from './run-context.ts';
import { sweepStages } from './sweep.ts';
import { TOOL_VERSION } from './version.ts';

/** Where the runs of this project lie. */
export const runsFolder = (): string =>
  process.env['KUNREN_RUNS'] ?? fileURLToPath(new URL('../../reports/runs', import.meta.url));

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
  if (options.stage !== 'twin') throw stageNotSupported(options.stage);
  if (options.restoreTo !== undefined) parseInstant(options.restoreTo, '--restore-to');
  const loaded = await loadSystem(options.config);
  await checkDrills(options.drills ?? [], loaded.system, loaded.path, options.restoreTo);
  const runId = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`;
  const unlock = takeLock(makeHome(), runId);
  let twin: RunningTwin | undefined;
  let made: MadeFolder | undefined;
  try {
    for (const swept of await sweepStages()) tell(`swept: ${swept}`);
    made = makeRunFolder(runId);
    const { folder } = made;
    const startedAt = new Date();
    tell(`run ${runId}: starting the twin for ${loaded.system.name}`);
    twin = await startTwinStage({
      system: loaded.system,
      configDirectory: dirname(loaded.path),
      ...(options.spoil !== undefined && { spoil: options.spoil }),
      seed: options.seed,
      owned: true,
    });
    const calibration = await calibrate();
    tell(`twin ready; calibration ${calibration.holds ? 'holds' : 'FAILED'}`);
    const context: RunContext = {
      runId,
      runDirectory: folder.root,
      configPath: loaded.path,
      seed: options.seed,
      calibrationHolds: calibration.holds,
      twin: twin.handle,
      ...(options.restoreTo !== undefined && { restoreTo: options.restoreTo }),
    };
    // From here on `latest` is this run, so that a crash never leaves an older, greener one in its place.
    await pointLatest(dirname(folder.root), runId);
    const evidence = (): RunEvidence => runEvidence(runId, startedAt, options, calibration);
    return {
      context,
      close: once(() => finish(folder, loaded.system, twin!, evidence, unlock)),
    };
  } catch (error) {
    await twin?.stop();
    if (made !== undefined) removeEmptyFolders(made);
    unlock();
    removeHomeIfEmpty();
    throw error;
  }
}

async function finish(
  folder: RunFolder,
  system: System,
  twin: RunningTwin,
  evidence: () => RunEvidence,
  unlock: () => void,
): Promise<ClosedRun> {
  try {
    const leftOpen = await replayJournal(folder.journal, placeOf(folder, system, twin.handle));
    await twin.stop();
    await writeRunEvidence(folder, evidence());
    const document = await judgeRun(folder, system);
    await renderRun(folder, document);
    return { document, leftOpen };
  } finally {
    await twin.stop();
    unlock();
    removeHomeIfEmpty();
  }
}

/** The run on its stage, for what is still to be undone; nothing when the stage has died. */
function placeOf({ root }: RunFolder, system: System, handle: TwinHandle): MadeBy | undefined {
  if (!twinLives(handle)) return undefined;
  const patience = patienceOf('twin');
  const signal = AbortSignal.timeout(patience.undoMs);
  return { runId: basename(root), system, stage: attachTwin(handle), clock: machineClock, patience, signal };
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
    stage: { kind: options.stage, provenance: 'rehearsal' },
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

const stageNotSupported = (stage: string): KunrenError =>
  new KunrenError('stage-not-supported', `Stage "${stage}" is not supported yet.`, 'use --stage twin.');
