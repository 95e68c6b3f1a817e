import { z } from 'zod';
import type { DrillEvidence, RunEvidence } from './evidence.ts';

const text = z.strictObject({ en: z.string(), ja: z.string() });
const ms = z.number();
const stage = z.strictObject({ kind: z.string(), provenance: z.enum(['rehearsal', 'evidence']) });

export const rangeSchema = z.strictObject({ msMin: ms, msMax: ms.nullable() });

const clock = z.strictObject({
  startedAtMs: ms,
  wallStartedAt: z.string(),
  endedAtMs: ms,
  wallEndedAt: z.string(),
  wallStepMs: ms,
});

const fault = z.strictObject({
  name: z.string(),
  blastRadius: z.string(),
  injectedAtMs: ms.exactOptional(),
  injectAnsweredAtMs: ms.exactOptional(),
  proof: z.enum(['proved', 'not-observed', 'not-injected']),
  why: z.string(),
  service: z.string().exactOptional(),
});

const phaseName = z.enum([
  'preflight',
  'steady-state',
  'arrange',
  'inject',
  'prove-fault',
  'recover',
  'stable',
  'undo',
  'inventory',
  'judge',
]);

const phase = z.strictObject({
  phase: phaseName,
  startedAtMs: ms,
  endedAtMs: ms,
  outcome: z.enum(['done', 'failed', 'skipped']),
  detail: z.string().exactOptional(),
});

export const checkSchema = z.strictObject({
  id: z.string(),
  claim: text,
  outcome: z.enum(['yes', 'no', 'unknown']),
  seen: z.string(),
});

/** A file beside the evidence: no way out of the drill's folder. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

const probe = z.strictObject({
  name: z.string(),
  kind: z.enum(['health-fresh', 'health-kept-alive', 'write', 'sql', 'content', 'canary']),
  service: z.string().exactOptional(),
  intervalMs: ms.positive(),
  deadlineMs: ms,
  slowMs: ms,
  file: fileName,
  ledger: fileName.exactOptional(),
  bodyChecked: z.boolean(),
});

const readBack = z.strictObject({
  probe: z.string(),
  present: z.array(z.number()).exactOptional(),
  why: z.string().exactOptional(),
});

const recovery = z.strictObject({
  kind: z.enum(['automatic', 'manual']),
  name: z.string(),
  startedAtMs: ms,
  endedAtMs: ms,
  recovered: z.boolean(),
  detail: z.string().exactOptional(),
});

const step = z.strictObject({
  name: text,
  startedAtMs: ms,
  endedAtMs: ms,
  outcome: z.enum(['done', 'failed', 'skipped']),
  detail: z.string(),
});

export const exposureSchema = z.strictObject({ ms: ms.nonnegative(), rule: z.string() });

export const truthSchema = z.strictObject({
  databaseRecoveryMs: ms.nullable().exactOptional(),
  serviceDowntimeMs: ms.nullable().exactOptional(),
  postmasterStartTimeChanged: z.boolean().exactOptional(),
  azSwapped: z.boolean().exactOptional(),
  weather: z.record(z.string(), z.int().positive()).exactOptional(),
});

const serviceFunction = z.strictObject({
  service: z.string(),
  name: z.string(),
  outcome: z.enum(['good', 'bad']),
  seen: z.string(),
});

const guardRail = z.strictObject({
  rule: z.string(),
  outcome: z.enum(['held', 'waived', 'not-applicable']),
  seen: z.string(),
});

const experiment = z.strictObject({
  id: z.string(),
  templateId: z.string(),
  state: z.string(),
  reason: z.string(),
  targets: z.array(z.strictObject({ name: z.string(), resolved: z.int().min(0) })),
  dryRun: z.enum(['done', 'not-offered']),
});

const apiCall = z.strictObject({
  at: z.string(),
  service: z.string(),
  operation: z.string(),
  region: z.string(),
  requestId: z.string().exactOptional(),
  status: z.int().exactOptional(),
  attempts: z.int().min(0),
  error: z.string().exactOptional(),
});

/** What evidence.json holds. Strict: a member that is not known here is refused, never dropped. */
export const drillEvidenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  drillId: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  scenarios: z.array(z.string()),
  expectsNoOutage: z.boolean(),
  exercise: z.literal(true).exactOptional(),
  stage,
  clock,
  fault,
  phases: z.array(phase),
  timeline: z.array(z.strictObject({ atMs: ms, source: z.string(), text: z.string() })),
  probes: z.array(probe),
  stableAnswers: z.int().min(1),
  readBack: z.array(readBack),
  recoveries: z.array(recovery),
  steps: z.array(step).exactOptional(),
  exposure: exposureSchema.exactOptional(),
  attachments: z.array(z.strictObject({ file: fileName, title: text })).exactOptional(),
  clockOffset: z.strictObject({ ms: ms.nonnegative(), restsOn: z.array(z.string()) }).exactOptional(),
  checks: z.array(checkSchema),
  functions: z.array(serviceFunction),
  warnings: z.array(z.string()),
  guardRails: z.array(guardRail).exactOptional(),
  stopped: z.strictObject({ by: z.string(), atMs: ms }).exactOptional(),
  experiment: experiment.exactOptional(),
  calls: z.array(apiCall).exactOptional(),
  stageClockSkewMs: z.strictObject({ min: ms, max: ms }).exactOptional(),
  notRun: z.string().exactOptional(),
  undecided: z.string().exactOptional(),
  harnessFailed: z.string().exactOptional(),
  residual: z.array(z.string()),
  truth: truthSchema.exactOptional(),
}) satisfies z.ZodType<DrillEvidence>;

/** What run-evidence.json holds. */
export const runEvidenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  toolVersion: z.string(),
  startedAt: z.string(),
  endedAt: z.string(),
  stage,
  seed: z.number(),
  chosen: z.array(z.string()).exactOptional(),
  spoiled: z.boolean(),
  calibration: z.strictObject({ trueMs: ms, measured: rangeSchema, holds: z.boolean() }),
  host: z.strictObject({ node: z.string(), platform: z.string(), postgres: z.string().exactOptional() }),
}) satisfies z.ZodType<RunEvidence>;
