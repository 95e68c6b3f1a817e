import type { TestProject } from 'vitest/node';
import { KunrenError } from '../../probes/core/error.ts';
import { openRun } from './run.ts';
import { CONTEXT_VARIABLE, OPTIONS_VARIABLE, type RunContext, type RunOptions } from './run-context.ts';

/**
 * Gives the drills their run. Under `kunren rehearse` the run is already open; a bare
 * `vitest run --project drill` opens its own here, and closes it, so that both mean the same.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env[CONTEXT_VARIABLE];
  if (given !== undefined) {
    project.provide('kunren', JSON.parse(given) as RunContext);
    return undefined;
  }
  const options = optionsOf(process.env[OPTIONS_VARIABLE]);
  const run = await openRun(options, (line) => process.stderr.write(`${line}\n`));
  project.provide('kunren', run.context);
  return async () => {
    const { document, leftOpen } = await run.close();
    process.stderr.write(`report: ${run.context.runDirectory}/report.html\n`);
    const judged = document.drills.filter((drill) => drill.result.verdict !== 'not-run');
    // Nothing judged is nothing shown: skipped drills alone must not look green.
    if (judged.length === 0) process.exitCode = 2;
    for (const left of leftOpen) process.stderr.write(`kunren: not undone: ${left}\n`);
    if (leftOpen.length > 0) process.exitCode = 3;
  };
}

const DEFAULT_OPTIONS: RunOptions = { stage: 'twin', seed: 1 };

function optionsOf(text: string | undefined): RunOptions {
  try {
    return { ...DEFAULT_OPTIONS, ...(text === undefined ? {} : (JSON.parse(text) as Partial<RunOptions>)) };
  } catch (cause) {
    throw new KunrenError(
      'options-invalid',
      `${OPTIONS_VARIABLE} is ${text}, which is no JSON.`,
      `give it as ${JSON.stringify(DEFAULT_OPTIONS)}, or leave it out.`,
      { cause },
    );
  }
}
