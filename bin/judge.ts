import { runsFolder } from '../drills/kit/run.ts';
import { loadSystem } from '../fixtures/system-file.ts';
import { cliDocument } from '../reports/core/run-document.ts';
import { summaryTable } from '../reports/core/summary-table.ts';
import { exitCode } from '../reports/core/verdict.ts';
import { judgeRun } from '../reports/judge-run.ts';
import { renderRun } from '../reports/render-run.ts';
import { findRun } from '../reports/run-folder.ts';
import { EXIT } from './exit.ts';

interface JudgeFlags {
  readonly config?: string;
  readonly json?: true;
  readonly allowNotRun: string[];
}

/** Judges stored evidence by the config's objectives of today. Writes nothing. */
export async function judge(run: string, flags: JudgeFlags): Promise<number> {
  const { system } = await loadSystem(flags.config);
  const document = await judgeRun(await findRun(runsFolder(), run), system);
  const text = flags.json ? JSON.stringify(cliDocument(document), null, 2) : summaryTable(document);
  process.stdout.write(`${text}\n`);
  const broken = document.drills.flatMap(({ evidence }) => evidence.harnessFailed ?? []);
  for (const failure of broken) process.stderr.write(`kunren: ${failure}\n`);
  if (broken.length > 0) return EXIT.harness;
  return exitCode(
    document.drills.map((drill) => drill.result),
    flags,
  );
}

/** Judges stored evidence and renders all its reports again. */
export async function report(run: string, flags: { config?: string }): Promise<number> {
  const { system } = await loadSystem(flags.config);
  const folder = await findRun(runsFolder(), run);
  await renderRun(folder, await judgeRun(folder, system));
  process.stdout.write(`${folder.html}\n`);
  return 0;
}
