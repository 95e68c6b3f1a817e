import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How often a run looks whether it is asked to end, in milliseconds. */
export const STOP_WATCH_MS = 250;

const pathIn = (home: string): string => join(home, 'run.stop');

/** Asks a run of this user, from whatever shell, to end its drill and undo it. */
export const requestStop = (home: string, runId: string): void => writeFileSync(pathIn(home), runId);

/** Whether somebody has asked this run to end. */
export const isStopRequested = (home: string, runId: string): boolean =>
  existsSync(pathIn(home)) && readFileSync(pathIn(home), 'utf8') === runId;

/** A request ends with the run that it was for. */
export const forgetStopRequest = (home: string): void => rmSync(pathIn(home), { force: true });
