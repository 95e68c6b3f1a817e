import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { StageNote } from '../../fixtures/core/stage.ts';
import type { System } from '../../fixtures/core/system.ts';
import { isSameProcess, startOfProcess } from '../../fixtures/stages/process-identity.ts';
import type { RunDocument } from '../../reports/core/run-document.ts';
import { writeWhole } from '../../reports/whole-file.ts';
import type { OpenIntent } from './journal.ts';
import { openIntents, readJournal } from './journal.ts';

/** Where a run works and who does, for whoever must clean up after it. Written before anything is touched; no secrets. */
export interface RunNote {
  readonly stage: StageNote;
  readonly configPath: string;
  readonly system: Pick<System, 'name' | 'regions'>;
  /** The machine on which the process is looked for. */
  readonly host: string;
  readonly pid: number;
  readonly start?: string;
}

const noteOf = (folder: string): string => join(folder, 'stage.json');
const sweptMarkOf = (folder: string): string => join(folder, 'swept.json');

/** Signed by this process. */
export async function writeRunNote(
  folder: string,
  { stage, configPath, system: { name, regions } }: Omit<RunNote, 'host' | 'pid' | 'start'>,
): Promise<void> {
  const start = startOfProcess(process.pid);
  const system = { name, regions };
  const signer = { host: hostname(), pid: process.pid, ...(start !== undefined && { start }) };
  const signed: RunNote = { stage, configPath, system, ...signer };
  await writeWhole(noteOf(folder), JSON.stringify(signed, null, 2));
}

/** A run that this machine has on record. */
export interface KnownRun {
  readonly runId: string;
  readonly folder: string;
  readonly note: RunNote | undefined;
  readonly lives: boolean;
  /** What it has begun and not taken back. */
  readonly open: readonly OpenIntent[];
  /** It ended by itself or was swept: there is nothing to look for. */
  readonly isClosed: boolean;
}

/** Every run of this machine below the folder: of another's, which shares the folder, nobody knows here whether it lives. */
export function knownRuns(runs: string): KnownRun[] {
  if (!existsSync(runs) || !statSync(runs).isDirectory()) return [];
  return readdirSync(runs, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => knownRun(join(runs, name), name))
    .filter(({ note }) => note?.host === undefined || note.host === hostname());
}

function knownRun(folder: string, runId: string): KnownRun {
  const note = readNote(folder);
  const open = openIntents(readJournal(join(folder, 'journal.jsonl')));
  const hasEnded =
    existsSync(sweptMarkOf(folder)) || (existsSync(join(folder, 'run-evidence.json')) && endedWell(folder));
  return {
    ...{ runId, folder, note, open },
    lives: note !== undefined && isSameProcess(note.pid, note.start),
    isClosed: hasEnded && open.length === 0,
  };
}

/** Whether no drill of it had to say that it left something behind: its inventory may know more than its journal. */
function endedWell(folder: string): boolean {
  try {
    const { drills } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunDocument;
    return drills.every(({ evidence }) => evidence.harnessFailed === undefined);
  } catch {
    return false; // It died before it could say: whoever sweeps looks.
  }
}

/** A note that a kill has cut off was written before anything was touched: it says nothing, and nothing is missed. */
function readNote(folder: string): RunNote | undefined {
  try {
    return JSON.parse(readFileSync(noteOf(folder), 'utf8')) as RunNote;
  } catch {
    return undefined;
  }
}

/** Says that nothing of a run is left. */
export const markSwept = async ({ folder }: KnownRun): Promise<void> =>
  await writeWhole(sweptMarkOf(folder), JSON.stringify({ at: new Date().toISOString() }));
