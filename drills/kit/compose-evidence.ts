import type { DrillEvidence } from '../../reports/core/evidence.ts';
import type { Book } from '../procedures/book.ts';
import { mayChange } from './calls-file.ts';
import { notOfAws } from './guard/account.ts';
import { mayWrite } from './guard/canary-consent.ts';
import { type PlannedProbe, stableAnswersOf } from './probing.ts';
import type { DrillNotes } from './record.ts';
import type { DrillContext } from './running.ts';
import type { DrillSpec } from './spec.ts';
import { isAsked } from './steady.ts';

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
  const { calls } = context.stage;
  const changes = calls.since(begun.wall.getTime()).filter(mayChange);
  const { skewMs } = calls;
  const strange = notOfAws(context.stage);
  const undecided = record.undecided ?? (record.notRun === undefined ? strange : undefined);
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
    stage: { kind: context.stage.kind, provenance: strange === undefined ? context.stage.provenance : 'rehearsal' },
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
    ...(record.guardRails.length > 0 && { guardRails: record.guardRails }),
    ...(record.stopped && { stopped: record.stopped }),
    ...(record.experiment && { experiment: record.experiment }),
    ...(changes.length > 0 && { calls: changes }),
    ...(skewMs && { stageClockSkewMs: skewMs }),
    ...(record.notRun !== undefined && { notRun: record.notRun }),
    ...(undecided !== undefined && { undecided }),
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
function warningsOf({ stage, system }: DrillContext): string[] {
  const consented = mayWrite(stage, system);
  const unasked = 'without its owner’s consent (guardRails.canary)';
  return system.services.flatMap(({ name, writes, functions }) => {
    const writing = functions.filter(({ request }) => !isAsked(stage, request));
    return [
      ...(writes === undefined ? [`${name}: no write probe is configured, so its data loss is not measured`] : []),
      ...(writes && !consented ? [`${name}: nothing is written ${unasked}, so its data loss is not measured`] : []),
      ...writing.map(
        (one) => `${name}: function "${one.name.en}" is not asked of a real system: it may write unmarked rows`,
      ),
    ];
  });
}
