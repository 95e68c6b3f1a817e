import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Slot } from '../probes/core/coverage.ts';
import { KunrenError } from '../probes/core/error.ts';
import type { MissedSlot } from '../probes/core/sample.ts';
import { readLedgerFile, readSamplesFile } from '../probes/samples-file.ts';
import type { DrillEvidence, ProbeEvidence, RunEvidence } from './core/evidence.ts';
import { drillEvidenceSchema, runEvidenceSchema } from './core/evidence-schema.ts';
import type { Series, SeriesByProbe } from './core/probe-finding.ts';
import { drillFolder, type RunFolder } from './run-folder.ts';

/** What is on disk of one drill. Damage ends up in `evidence.undecided`, so that the drill is judged `unknown`. */
export interface StoredDrill {
  readonly evidence: DrillEvidence;
  readonly series: SeriesByProbe;
}

/** The evidence of the run itself. Throws when it is missing or damaged: nothing can be judged without it. */
export async function readRunEvidence(folder: RunFolder): Promise<RunEvidence> {
  return readJson(folder.runEvidence, runEvidenceSchema);
}

/** Ids of all drills of a run that left a folder, in the order in which they began. */
export async function storedDrills(folder: RunFolder): Promise<StoredDrill[]> {
  const entries = await readdir(folder.drills, { withFileTypes: true }).catch(() => []);
  const ids = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const drills: StoredDrill[] = [];
  for (const id of ids) drills.push(await readDrill(folder, id));
  const began = ({ evidence }: StoredDrill) => evidence.clock.startedAtMs;
  return drills.sort((a, b) => began(a) - began(b) || (a.evidence.drillId < b.evidence.drillId ? -1 : 1));
}

export async function readDrill(folder: RunFolder, id: string): Promise<StoredDrill> {
  const home = drillFolder(folder, id);
  let evidence: DrillEvidence;
  try {
    evidence = await readJson(join(home, 'evidence.json'), drillEvidenceSchema);
  } catch (error) {
    return { evidence: unreadable(id, problemOf(error)), series: new Map() };
  }
  if (evidence.drillId !== id) {
    return {
      evidence: unreadable(id, `the evidence in drills/${id} is of drill "${evidence.drillId}"`),
      series: new Map(),
    };
  }
  const series = new Map<string, Series>();
  const problems: string[] = [];
  for (const probe of evidence.probes) {
    try {
      series.set(probe.name, readSeries(home, probe));
    } catch (error) {
      problems.push(problemOf(error));
    }
  }
  const known = evidence.notRun !== undefined || evidence.undecided !== undefined;
  return { evidence: problems[0] === undefined || known ? evidence : { ...evidence, undecided: problems[0] }, series };
}

const NO_SAMPLES = { samples: [], slots: [], torn: false } as const;

function readSeries(home: string, probe: ProbeEvidence): Series {
  // A canary is not asked at intervals: what it has is its ledger.
  const recorded = probe.kind === 'canary' ? NO_SAMPLES : readSamplesFile(join(home, probe.file));
  const ledger = probe.ledger === undefined ? null : readLedgerFile(join(home, probe.ledger));
  if (recorded.torn || ledger?.torn) {
    throw damaged(`The record of probe ${probe.name} was cut short.`);
  }
  const missed = recorded.slots.filter((slot: Slot): slot is MissedSlot => 'missed' in slot);
  return { samples: recorded.samples, missed, ledger: ledger?.entries ?? [] };
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw damaged(`${path} cannot be read.`, cause);
  });
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const where =
      cause instanceof z.ZodError ? z.prettifyError(cause).replace(/\s*\n\s*/g, ' ') : 'it is no whole JSON';
    throw damaged(`${path} is damaged: ${where}.`, cause);
  }
}

function damaged(problem: string, cause?: unknown): KunrenError {
  return new KunrenError('evidence-damaged', problem, 'Do not judge this run: run the drill again.', { cause });
}

function problemOf(error: unknown): string {
  if (error instanceof KunrenError) return `evidence damaged: ${error.problem}`;
  return `evidence damaged: ${error instanceof Error ? error.message : String(error)}`;
}

/** Stands for a drill that was to be made and of which there is nothing at all. */
export function absentDrill(id: string): StoredDrill {
  const why = 'it was chosen and left no evidence: the run ended before it';
  return { evidence: unreadable(id, why), series: new Map() };
}

/** Stands for a drill of which nothing can be read, so that it is not passed over in silence. */
function unreadable(drillId: string, undecided: string): DrillEvidence {
  return {
    schemaVersion: 1,
    drillId,
    title: { en: drillId, ja: drillId },
    scenarios: [],
    expectsNoOutage: false,
    stage: { kind: 'unknown', provenance: 'rehearsal' },
    clock: { startedAtMs: 0, wallStartedAt: '', endedAtMs: 0, wallEndedAt: '', wallStepMs: 0 },
    fault: { name: 'unknown', blastRadius: 'unknown', proof: 'not-injected', why: 'the evidence cannot be read' },
    phases: [],
    timeline: [],
    probes: [],
    stableAnswers: 1,
    readBack: [],
    recoveries: [],
    checks: [],
    functions: [],
    warnings: [],
    undecided,
    residual: [],
  };
}
