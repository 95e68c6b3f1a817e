import { z } from 'zod';
import { durationMs } from '../../fixtures/core/duration.ts';
import type { System } from '../../fixtures/core/system.ts';
import {
  checkSchema,
  drillEvidenceSchema,
  exposureSchema,
  rangeSchema,
  runEvidenceSchema,
  truthSchema,
} from './evidence-schema.ts';
import type { DrillResult } from './result.ts';

const text = z.strictObject({ en: z.string(), ja: z.string() });
const figure = z.number().nullable();
const limit = z.number().exactOptional();
const limits = { rtoMs: limit, rpoMs: limit, downtimeMs: limit };
const verdict = z.enum(['met', 'missed', 'unknown', 'not-run']);

const measured = z.strictObject({
  downtimeMsMin: figure,
  downtimeMsMax: figure,
  partialMsMin: figure,
  partialMsMax: figure,
  degradedMs: figure,
  recoveryTimeMsMin: figure,
  recoveryTimeMsMax: figure,
  writesAcknowledged: figure,
  writesLost: figure,
  writesIndeterminate: figure,
  dataLossMsMin: figure,
  dataLossMsMax: figure,
});

const objective = z.strictObject({
  scenario: z.string(),
  name: z.enum(['RTO', 'RPO', 'downtime', 'no outage']),
  limitMs: z.number(),
  measured: rangeSchema.nullable(),
  exposure: exposureSchema.exactOptional(),
  borrowedFrom: z.string().exactOptional(),
  verdict,
  why: z.string(),
});

const result = z.strictObject({
  id: z.string(),
  verdict,
  why: z.string(),
  objectives: z.array(objective),
  checks: z.array(checkSchema),
  measured,
  truth: truthSchema.exactOptional(),
}) satisfies z.ZodType<DrillResult>;

/** What one probe measured: how well (due, sent, missed over its whole series) and what (ms). */
const reading = z.strictObject({
  probe: z.string(),
  due: z.number(),
  sent: z.number(),
  missed: z.number(),
  bad: z.number(),
  slow: z.number(),
  outages: z.number(),
  flapping: z.boolean(),
  downtime: rangeSchema.nullable(),
  partial: rangeSchema.nullable(),
  degradedMs: figure,
  /** When the answer came that began the last run of good ones; `null` while not seen. */
  recoveredAtMs: figure,
});

const evidenceFile = z.strictObject({ path: z.string(), sha256: z.string(), bytes: z.number() });

const system = z.strictObject({
  name: z.string(),
  title: text,
  timeZone: z.string(),
  regions: z.strictObject({ primary: z.string(), recovery: z.string().exactOptional() }),
  runbook: z.strictObject({ title: z.string(), version: z.string() }),
  people: z.array(z.strictObject({ role: text, duty: text, name: z.string().exactOptional() })),
  levels: z.array(z.strictObject({ level: z.number(), title: text, ...limits })),
  scenarios: z.array(
    z.strictObject({
      id: z.string(),
      title: text,
      level: z.number(),
      recovery: z.enum(['automatic', 'manual']),
      source: z.string(),
      /** The scenario whose limits these are, when it has none of its own. */
      borrowedFrom: z.string().exactOptional(),
      checklist: z.array(z.strictObject({ id: z.string(), text, by: z.literal('person').exactOptional() })),
      ...limits,
    }),
  ),
});

/** What run.json holds: the evidence of a run, what it was judged against, and the verdicts. */
export const runDocumentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  run: runEvidenceSchema,
  system,
  drills: z.array(z.strictObject({ evidence: drillEvidenceSchema, result, readings: z.array(reading) })),
  /** Whether the evidence is as it was when it was measured, and in what it is not. */
  integrity: z.strictObject({
    manifest: z.enum(['matches', 'differs', 'absent']),
    differences: z.array(z.string()),
    files: z.array(evidenceFile),
  }),
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
export type DrillRecord = RunDocument['drills'][number];
export type SystemSnapshot = RunDocument['system'];
export type ScenarioSnapshot = SystemSnapshot['scenarios'][number];
export type ProbeReading = z.infer<typeof reading>;
export type Integrity = RunDocument['integrity'];
export type EvidenceFile = Integrity['files'][number];

/** The published JSON Schema of run.json (reports/run.schema.json). */
export function runJsonSchema(): object {
  return { title: 'Kunren run.json', ...z.toJSONSchema(runDocumentSchema) };
}

type Objectives = Pick<System['scenarios'][number], 'rto' | 'rpo' | 'downtime'>;

function limitsOf({ rto, rpo, downtime }: Objectives) {
  return {
    ...(rto && { rtoMs: durationMs(rto) }),
    ...(rpo && { rpoMs: durationMs(rpo) }),
    ...(downtime && { downtimeMs: durationMs(downtime) }),
  };
}

/** The limits that a scenario is judged by: its own, or those of the scenario that it borrows from. */
function limitsFor(scenario: System['scenarios'][number], { scenarios }: System) {
  const lender = scenarios.find(({ id }) => id === scenario.borrows);
  return lender ? { borrowedFrom: lender.id, ...limitsOf(lender) } : limitsOf(scenario);
}

/** What the report needs of a system, with every objective in ms. */
export function systemSnapshot(described: System): SystemSnapshot {
  const { primary, recovery } = described.regions;
  return {
    name: described.name,
    title: described.title,
    timeZone: described.timeZone,
    regions: { primary, ...(recovery && { recovery }) },
    runbook: described.runbook,
    people: described.people.map(({ role, duty, name }) => ({ role, duty, ...(name && { name }) })),
    levels: described.levels.map((level) => ({ level: level.level, title: level.title, ...limitsOf(level) })),
    scenarios: described.scenarios.map((scenario) => ({
      id: scenario.id,
      title: scenario.title,
      level: scenario.level,
      recovery: scenario.recovery,
      source: scenario.source,
      checklist: scenario.checklist.map(({ id, text: item, by }) => ({ id, text: item, ...(by && { by }) })),
      ...limitsFor(scenario, described),
    })),
  };
}

/** What `--json` prints, and nothing else. */
export function cliDocument(document: RunDocument) {
  return {
    runId: document.run.runId,
    stage: document.run.stage.kind,
    drills: document.drills.map(({ evidence, result: drill }) => ({
      id: drill.id,
      verdict: drill.verdict,
      why: drill.why,
      objectives: drill.objectives,
      measured: drill.measured,
      ...(evidence.exposure && { exposure: evidence.exposure }),
      ...(evidence.clockOffset && { clockOffset: evidence.clockOffset }),
      ...(evidence.guardRails && { guardRails: evidence.guardRails }),
      ...(evidence.stopped && { stopped: evidence.stopped }),
      ...(evidence.experiment && { experiment: evidence.experiment }),
      ...(drill.truth && { truth: drill.truth }),
    })),
  };
}
