import { SPOILS } from '../fixtures/twin/spoils.ts';
import { drillIds } from './drill-ids.ts';

/** Below the help of `rehearse`: what can be named. */
export const rehearseHelp = (): string => `
Drills: ${drillIds().join(', ')}
Spoils: ${SPOILS.join(', ')}

The report is reports/runs/latest/report.html.`;

/** Below the help of every command that judges. */
export const EXIT_CODES_HELP = `
Exit codes: 0 all met, 1 something missed, 2 something unknown or not run,
3 the harness failed or refused, 130 interrupted.`;

/** Below the help of `plan`. */
export const PLAN_HELP = `
Exit codes: 0 it would be run on that stage, 2 it would not, 3 refused.`;

/** Below the help of `stop`. */
export const STOP_HELP = `
Exit codes: 0 the run has ended and all is undone, 2 no run is in progress,
3 something is left, or the run does not end.`;

/** Below the help of `sweep`. */
export const SWEEP_HELP = `
Exit codes: 0 nothing is left, 3 something is left, or it failed or was refused.`;

/** Below the help of `doctor`. */
export const DOCTOR_HELP = `
Exit codes: 0 all is there, 2 something could not be looked at, 3 something is missing.`;

/** Below the help of `recover rows`. */
export const RECOVER_ROWS_HELP = `
Reads --from, and inserts into --to what is missing there, in one transaction; rows
that are there are never altered. --plan is the default and changes nothing.

Exit codes: 0 done, or nothing to do; 1 rows remain that were left alone;
3 refused or failed, and nothing was changed; 130 interrupted.`;
