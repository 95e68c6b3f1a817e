import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestSpecification, Vitest } from 'vitest/node';
import { drillFiles } from '../drills/kit/drill-folders.ts';
import { drillProject } from '../drills/kit/drill-project.ts';
import { type ClosedRun, openRun, type Run } from '../drills/kit/run.ts';
import { CONTEXT_VARIABLE, type RunOptions } from '../drills/kit/run-context.ts';
import { projectFolder } from '../fixtures/project-folder.ts';
import { SPOILS } from '../fixtures/twin/spoils.ts';
import { KunrenError } from '../probes/core/error.ts';
import { checklistText } from '../reports/core/checklist-text.ts';
import { cliDocument, type RunDocument } from '../reports/core/run-document.ts';
import { summaryTable } from '../reports/core/summary-table.ts';
import { exitCode } from '../reports/core/verdict.ts';
import { drillIds, MAIN_JOB, requireDrills } from './drill-ids.ts';
import { EXIT } from './exit.ts';
import { ENDING_SIGNALS, type Interrupts, listenForInterrupts } from './interrupts.ts';

export interface RehearseFlags {
  readonly all?: true;
  readonly stage: string;
  readonly config?: string;
  readonly json?: true;
  readonly seed: number;
  readonly spoil?: string;
  readonly restoreTo?: string;
  readonly endpoint?: string;
  readonly account?: string;
  readonly confirm?: string;
  readonly outsideWindow?: string;
  readonly weather?: string;
  readonly via?: string;
  readonly allowNotRun: string[];
}

/** Runs the drills named (or the main job) and prints what came of them. Resolves to the exit code. */
export async function rehearse(named: readonly string[], flags: RehearseFlags): Promise<number> {
  const drills = chosen(named, flags);
  checkSpoil(flags.spoil);
  const { stage, config, seed, spoil, restoreTo, endpoint, account, confirm, outsideWindow, weather, via } = flags;
  const given = { config, spoil, restoreTo, endpoint, account, confirm, outsideWindow, weather, via };
  // What a flag may say is checked where the run is opened, before anything is called.
  const options = { stage, seed, drills, ...said(given) } as RunOptions;
  const interrupts = listenForInterrupts(tell);
  const write = process.stdout.write.bind(process.stdout);
  // Standard output is for the result alone; whatever else is printed goes to standard error.
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  const run = await openRun(options, tell);
  interrupts.watch(run.context);
  process.env[CONTEXT_VARIABLE] = JSON.stringify(run.context);
  let closed: ClosedRun;
  let failures: string[] = [];
  try {
    failures = await runVitest(drills, run.context.runDirectory, interrupts);
  } finally {
    closed = await run.close();
    interrupts.end();
    process.stdout.write = write;
  }
  failures.push(...closed.leftOpen.map((left) => `not undone: ${left}`));
  const broken = interrupts.broken();
  if (broken !== undefined) failures.push(broken);
  return conclude(run, closed.document, drills, flags, failures, interrupts.interrupted() && broken === undefined);
}

/** Without what was not said. */
const said = (flags: object): object =>
  Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));

function chosen(named: readonly string[], flags: RehearseFlags): readonly string[] {
  requireDrills(named);
  if (named.length > 0) return named;
  return flags.all ? drillIds() : MAIN_JOB;
}

function checkSpoil(spoil: string | undefined): void {
  const known: readonly string[] = SPOILS;
  if (spoil === undefined || known.includes(spoil)) return;
  throw new KunrenError('unknown-spoil', `There is no spoil "${spoil}".`, `choose from: ${known.join(', ')}.`);
}

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs the drill files in the order given; resolves to what failed in the harness itself. */
async function runVitest(drills: readonly string[], runDirectory: string, interrupts: Interrupts): Promise<string[]> {
  const failures: string[] = [];
  const events: NodeJS.EventEmitter = process;
  const listeners = ENDING.map((event) => ({ event, kept: events.rawListeners(event) }));
  // Read this late: what is refused before must not wait for it.
  const [{ createVitest }, { DrillSequencer }] = await Promise.all([
    import('vitest/node'),
    import('../drills/kit/sequence.ts'),
  ]);
  const vitest = await createVitest({
    ...drillProject(),
    root: projectFolder(),
    // The files are named below, wherever they lie: a project's own vitest config is for its other tests.
    config: false,
    include: [],
    watch: false,
    run: true,
    sequence: { sequencer: DrillSequencer },
    reporters: [
      progressReporter(failures, interrupts),
      ['allure-vitest/reporter', { resultsDir: join(runDirectory, 'allure-results') }],
    ],
  });
  keepOnly(listeners);
  interrupts.onInterrupt(() => void vitest.cancelCurrentRun('keyboard-input').catch(() => {}));
  try {
    await vitest.standalone(); // The reporters begin; no file is looked for.
    if (!interrupts.interrupted()) await vitest.runTestSpecifications(specificationsOf(vitest, drills), true);
    for (const error of vitest.state.getUnhandledErrors()) failures.push(messageOf(error));
  } finally {
    await close(vitest);
  }
  return failures;
}

function specificationsOf(vitest: Vitest, drills: readonly string[]): TestSpecification[] {
  const files = drillFiles();
  return drills.map((id) => vitest.getRootProject().createSpecification(files.get(id) ?? id));
}

/** For what vitest ends the process; a rejection that nobody handles is a bug like any other without its listener. */
const ENDING = [...ENDING_SIGNALS, 'unhandledRejection'] as const;

/** vitest's own listeners end the process at once, without undoing anything. */
function keepOnly(
  wanted: readonly { readonly event: (typeof ENDING)[number]; readonly kept: readonly unknown[] }[],
): void {
  const events: NodeJS.EventEmitter = process;
  for (const { event, kept } of wanted) {
    for (const listener of events.rawListeners(event) as ((...args: unknown[]) => void)[]) {
      if (!kept.includes(listener)) events.off(event, listener);
    }
  }
}

async function close(vitest: Vitest): Promise<void> {
  const exitCodeBefore = process.exitCode;
  await vitest.close();
  process.exitCode = exitCodeBefore;
}

function progressReporter(failures: string[], interrupts: Interrupts): Reporter {
  return {
    onTestCaseReady(test: TestCase) {
      tell(`drill: ${test.name}`);
      interrupts.remind();
    },
    onTestCaseAnnotate: (_test, annotation) => tell(`  ${annotation.message}`),
    onTestCaseResult(test: TestCase) {
      const { kunren } = test.meta();
      if (kunren !== undefined) tell(`  ${kunren.verdict}: ${kunren.why}`);
      // A test that failed although its drill was met, or never came to a verdict: the harness failed.
      const { errors = [] } = test.result();
      if (kunren === undefined || kunren.verdict === 'met') failures.push(...errors.map(({ message }) => message));
    },
    onTestModuleEnd(module) {
      for (const error of module.errors()) failures.push(`${module.moduleId}: ${error.message}`);
    },
  };
}

const messageOf = (error: unknown): string => (error as { message?: string }).message ?? String(error);

function conclude(
  run: Run,
  document: RunDocument,
  drills: readonly string[],
  flags: RehearseFlags,
  failures: readonly string[],
  interrupted: boolean,
): number {
  const results = document.drills.map((drill) => drill.result);
  const evidenceOf = (id: string): string => join(run.context.runDirectory, 'drills', id, 'evidence.json');
  const missing = drills.filter((id) => !existsSync(evidenceOf(id)));
  const broken = document.drills.flatMap(({ evidence }) => evidence.harnessFailed ?? []);
  if (flags.json) process.stdout.write(`${JSON.stringify(cliDocument(document), null, 2)}\n`);
  else process.stdout.write(`${summaryTable(document)}\n${checklistText(document)}`);
  const html = join(run.context.runDirectory, 'report.html');
  if (existsSync(html)) tell(`report: ${html}`);
  // Also after an interrupt: what was left behind must be told.
  for (const failure of [...failures, ...broken]) tell(`kunren: ${failure}`);
  if (interrupted) return EXIT.interrupted;
  if (missing.length > 0) tell(`kunren: no evidence of ${missing.join(', ')}: the harness failed`);
  if (failures.length > 0 || broken.length > 0 || missing.length > 0) return EXIT.harness;
  return exitCode(results, { allowNotRun: flags.allowNotRun });
}
