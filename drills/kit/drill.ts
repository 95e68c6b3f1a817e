import { dirname } from 'node:path';
import { expect, inject, test } from 'vitest';
import { parseInstant } from '../../fixtures/core/instant.ts';
import { attachStage, stageLives } from '../../fixtures/stages/attach-stage.ts';
import { homeFolder } from '../../fixtures/stages/home.ts';
import { loadSystem } from '../../fixtures/system-file.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { DrillResult } from '../../reports/core/result.ts';
import { judgeDrillFolder } from '../../reports/judge-run.ts';
import { drillFolder, runFolder } from '../../reports/run-folder.ts';
import { writeDrillEvidence } from '../../reports/write-evidence.ts';
import { allureStep, attachEvidence } from './allure.ts';
import { checkScenarios, takeReadDrill } from './drill-files.ts';
import { Journal } from './journal.ts';
import { isStopRequested, STOP_WATCH_MS } from './kill-switch.ts';
import type { RunContext } from './run-context.ts';
import { runDrill } from './run-drill.ts';
import type { DrillSpec } from './spec.ts';

/** vitest's own limit on undoing, in milliseconds: above every stage's `undoMs`, which ends it first and says what is left. */
const UNDO_LIMIT_MS = 5_400_000;

/**
 * Registers one drill as a vitest test. It passes when its verdict is `met`, fails when it is
 * `missed` or `unknown` (with the reason), and is skipped with the reason when it is `not-run`.
 * Never retried: a second try would hide what the first one measured.
 */
export function drill(id: string, spec: DrillSpec): void {
  if (takeReadDrill(id, spec)) return;
  test(spec.title.en, { timeout: spec.limitMs + UNDO_LIMIT_MS, retry: 0 }, async (context) => {
    const work = perform(id, spec, inject('kunren'), context.signal, (line) => void context.annotate(line, 'kunren'));
    // A time-out or an interrupt ends the test's body early; its undo is awaited all the same.
    context.onTestFinished(async () => void (await work.catch(() => {})), UNDO_LIMIT_MS);
    const { result, harnessFailed } = await work;
    context.task.meta.kunren = { id, verdict: result.verdict, why: result.why };
    if (result.verdict === 'not-run') context.skip(result.why);
    expect(result).toBeMet();
    if (harnessFailed !== undefined) throw new KunrenError('harness-failed', harnessFailed, 'run kunren sweep.');
  });
}

interface Performed {
  readonly result: DrillResult;
  readonly harnessFailed: string | undefined;
}

async function perform(
  id: string,
  spec: DrillSpec,
  run: RunContext,
  testSignal: AbortSignal,
  progress: (line: string) => void,
): Promise<Performed> {
  const { system } = await loadSystem(run.configPath);
  checkScenarios(id, spec.scenarios, system, run.configPath);
  const folder = runFolder(dirname(run.runDirectory), run.runId);
  const stage = attachStage(run.stage);
  const watch = watchRun(run);
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(timeOut(spec.limitMs)), spec.limitMs);
  try {
    const evidence = await runDrill(spec, {
      drillId: id,
      runId: run.runId,
      directory: drillFolder(folder, id),
      system,
      seed: run.seed,
      stage,
      ...(run.restoreTo !== undefined && { restoreTo: parseInstant(run.restoreTo, '--restore-to') }),
      ...(run.via !== undefined && { via: run.via }),
      ...(run.stage.kind === 'aws' && { account: run.stage.account }),
      ...(run.outsideWindow !== undefined && { outsideWindow: run.outsideWindow }),
      journal: new Journal(folder.journal),
      progress,
      step: allureStep,
      signal: AbortSignal.any([interruptOf(testSignal, run.runId), timeUp.signal, watch.signal]),
    });
    await writeDrillEvidence(folder, evidence);
    await attachEvidence(drillFolder(folder, id), stage);
    const result = await judgeDrillFolder(folder, id, system, run.calibrationHolds);
    return { result, harnessFailed: evidence.harnessFailed };
  } finally {
    clearTimeout(timer);
    watch.end();
  }
}

const timeOut = (limitMs: number): KunrenError =>
  new KunrenError('drill-time-out', `The drill did not end within ${limitMs} ms.`, 'look at which phase it was in.');

const interrupted = (): KunrenError => new KunrenError('interrupted', 'The drill was interrupted.', 'run it again.');

const stopped = (): KunrenError =>
  new KunrenError('interrupted', 'The drill was ended by kunren stop.', 'run it again.');

/** vitest's own reasons are turned into one that says that a person or a limit ended the drill. */
function interruptOf(signal: AbortSignal, runId: string): AbortSignal {
  const interrupt = new AbortController();
  // The command that was told to stop cancels vitest, and may be the quicker of the two who watch for that.
  const abort = (): void => interrupt.abort(isStopRequested(homeFolder(), runId) ? stopped() : interrupted());
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return interrupt.signal;
}

/** A drill on a stage that has died measures nothing but that; one that somebody ends from another shell is undone. */
function watchRun({ stage, runId }: RunContext): { signal: AbortSignal; end: () => void } {
  const ended = new AbortController();
  const timer = setInterval(() => {
    if (isStopRequested(homeFolder(), runId)) {
      ended.abort(stopped());
    } else if (!stageLives(stage)) {
      ended.abort(
        new KunrenError('stage-died', 'The stage died during the drill.', 'run kunren sweep, then the drill again.'),
      );
    }
  }, STOP_WATCH_MS);
  return { signal: ended.signal, end: () => clearInterval(timer) };
}
