import type { DrillEvidence } from '../../reports/core/evidence.ts';
import type { Book } from '../procedures/book.ts';
import { type PlannedProbe, stableAnswersOf } from './probing.ts';
import type { DrillNotes } from './record.ts';
import type { DrillContext } from './running.ts';
import type { DrillSpec } from './spec.ts';

interface Instant {
  readonly atMs: number;
  readonly wall: Date;
}

interface Parts {
  readonly spec: DrillSpec;
  readonly context: DrillContext;
  readonly record: DrillNotes;
  readonly book: Book;
  readonly planned: readonly PlannedProbe[];
  readonly begun: Instant;
  readonly ended: Instant;
}

/** A step of the wall clock smaller than this is the clocks' own jitter, in milliseconds. Assumed. */
const JITTER_MS = 50;

/** Puts together what a drill has gathered. */
export function evidenceOf(parts: Parts): DrillEvidence {
  const { spec, context, record, book, planned, begun, ended } = parts;
  const exposure = spec.exposure?.(context.system);
  const driftMs = ended.wall.getTime() - begun.wall.getTime() - (ended.atMs - begun.atMs);
  const wallStepMs = Math.abs(driftMs) > JITTER_MS ? Math.round(driftMs) : 0;
  return {
    schemaVersion: 1,
    drillId: context.drillId,
    title: spec.title,
    scenarios: spec.scenarios,
    expectsNoOutage: spec.expectsNoOutage ?? false,
    ...(spec.exercise && { exercise: true }),
    stage: { kind: context.stage.kind, provenance: context.stage.provenance },
    clock: {
      startedAtMs: begun.atMs,
      wallStartedAt: begun.wall.toISOString(),
      endedAtMs: ended.atMs,
      wallEndedAt: ended.wall.toISOString(),
      wallStepMs,
    },
    fault: record.fault,
    phases: record.phases,
    timeline: record.timeline,
    probes: [...planned.map((probe) => probe.evidence), ...(book.canaries ? [book.canaries.evidence] : [])],
    stableAnswers: stableAnswersOf(context.system),
    readBack: record.readBack,
    recoveries: record.recoveries,
    ...(record.steps.length > 0 && { steps: record.steps.map(({ id: _, ...step }) => step) }),
    ...(exposure && { exposure }),
    ...(book.attachments.length > 0 && { attachments: book.attachments }),
    ...(book.clockOffset && { clockOffset: book.clockOffset }),
    checks: record.checks,
    functions: record.functions,
    warnings: [...record.warnings, ...warningsOf(context), ...undrilled(context, spec.fault.name)],
    residual: record.fault.proof === 'proved' ? (spec.residual ?? []) : [],
    ...(record.experiment && { experiment: record.experiment }),
    ...(record.notRun !== undefined && { notRun: record.notRun }),
    ...(record.undecided !== undefined && { undecided: record.undecided }),
    ...(record.harnessFailed !== undefined && { harnessFailed: record.harnessFailed }),
    ...(record.truth !== undefined && { truth: record.truth }),
  };
}

/** Faults that hurt a task hurt one of the first service; the others are only watched. */
function undrilled(context: DrillContext, faultName: string): string[] {
  if (!/task/.test(faultName)) return [];
  return context.system.services
    .slice(1)
    .map((service) => `${service.name}: no task of this service was hurt, it was only watched`);
}

/** What a reader must know and the report cannot derive from the rest of the evidence. */
function warningsOf(context: DrillContext): string[] {
  return context.system.services
    .filter((service) => service.writes === undefined)
    .map((service) => `${service.name}: no write probe is configured, so its data loss is not measured`);
}
