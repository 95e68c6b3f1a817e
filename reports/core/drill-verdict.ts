import type { DrillFacts } from './drill-facts.ts';
import { durationText } from './duration-text.ts';
import type { Check, DrillEvidence, RecoveryEvidence, StepEvidence } from './evidence.ts';
import { isExercise } from './exercise.ts';
import { unendedRecoveries } from './recovery-time.ts';
import type { Measured, ObjectiveResult } from './result.ts';
import { type Judgement, worstVerdict } from './verdict.ts';
import { lenderTitle } from './wording.ts';

/** More reasons than this are counted, not told. */
const REASONS_TOLD = 2;

/** The worst of objectives, checks and functions, with its reasons on one line. */
export function fold(facts: DrillFacts, objectives: readonly ObjectiveResult[], measured: Measured): Judgement {
  const { evidence } = facts;
  const judgements: Judgement[] = [
    ...cameBackJudgement(facts),
    ...procedureJudgement(evidence),
    ...objectives,
    ...evidence.functions.filter(({ outcome }) => outcome === 'bad').map(functionJudgement),
    ...evidence.checks.flatMap(checkJudgement),
    ...(evidence.steps ?? []).flatMap(stepJudgement),
    ...unpromisedLoss(objectives, measured),
  ];
  // That an exercise was not noticed says nothing of what it practised.
  const promised = evidence.expectsNoOutage || objectives.some(({ name }) => name !== 'no outage');
  if (!promised) judgements.push({ verdict: 'unknown', why: 'there is no objective to judge by' });
  const verdict = worstVerdict(judgements.map((judgement) => judgement.verdict));
  const lent = borrowedText(facts, objectives);
  if (verdict === 'met') return { verdict, why: `${praise(objectives)}${lent}` };
  const reasons = [...new Set(judgements.filter((judgement) => judgement.verdict === verdict).map(({ why }) => why))];
  const rest = reasons.length - REASONS_TOLD;
  return { verdict, why: reasons.slice(0, REASONS_TOLD).join('; ') + (rest > 0 ? `; and ${rest} more` : '') + lent };
}

/** Whose objectives decided, where the drill's own scenario has none. */
function borrowedText({ scenarios }: DrillFacts, objectives: readonly ObjectiveResult[]): string {
  const lender = objectives.find(({ borrowedFrom }) => borrowedFrom !== undefined)?.borrowedFrom;
  const title = lenderTitle(lender, scenarios);
  return title ? `; objectives borrowed from "${title.en}"` : '';
}

/**
 * A procedure that was not carried out to its end has missed, by the reason of the step that failed. An exercise
 * without one practised nothing.
 */
export function procedureJudgement(evidence: DrillEvidence): Judgement[] {
  const { recoveries, steps = [] } = evidence;
  if (isExercise(evidence) && !recoveries.some(({ kind }) => kind === 'manual'))
    return [{ verdict: 'unknown', why: 'no procedure was carried out' }];
  const failed = unendedRecoveries(recoveries).find(({ kind }) => kind === 'manual');
  if (failed === undefined) return [];
  const step = steps.find(({ outcome, endedAtMs }) => outcome === 'failed' && endedAtMs <= failed.endedAtMs);
  const detail = failed.detail ? `: ${failed.detail}` : '';
  return step ? stepJudgement(step) : [{ verdict: 'missed', why: `"${failed.name}" did not recover it${detail}` }];
}

const OUTCOMES = { done: 'yes', failed: 'no', skipped: 'unknown' } as const;

/** A step that was to be carried out is a claim. */
function stepJudgement({ name, outcome, detail }: StepEvidence): Judgement[] {
  return checkJudgement({ claim: name, outcome: OUTCOMES[outcome], seen: detail });
}

/** A system that the runbook says comes back by itself and did not has missed, however fast people were. */
export function cameBackJudgement({ evidence, scenarios }: DrillFacts): Judgement[] {
  const promised = scenarios.some(({ id, recovery }) => recovery === 'automatic' && evidence.scenarios.includes(id));
  const failed = evidence.recoveries.find(({ kind, recovered }) => kind === 'automatic' && !recovered);
  if (!promised || !failed) return [];
  const manual = evidence.recoveries.filter(({ kind }) => kind === 'manual');
  const people =
    manual.length === 0
      ? 'no manual procedure was run'
      : manual
          .map(
            (one) =>
              `the manual procedure "${one.name}" ${one.recovered ? 'took' : 'did not recover it in'} ${waited(one)}`,
          )
          .join(', ');
  const detail = failed.detail ? ` (${failed.detail})` : '';
  return [{ verdict: 'missed', why: `it did not come back by itself in ${waited(failed)}${detail}; ${people}` }];
}

/** Nobody has said that rows may be lost, nor that none may: they must not vanish behind a good downtime. */
function unpromisedLoss(objectives: readonly ObjectiveResult[], measured: Measured): Judgement[] {
  const { writesLost, writesAcknowledged } = measured;
  if (!writesLost || objectives.some(({ name }) => name === 'RPO')) return [];
  const count = `${writesLost} of ${writesAcknowledged} acknowledged writes were lost`;
  return [{ verdict: 'unknown', why: `${count}, and no objective says how much may be` }];
}

function waited({ startedAtMs, endedAtMs }: RecoveryEvidence): string {
  return durationText(endedAtMs - startedAtMs);
}

function functionJudgement({ service, name, seen }: DrillFacts['evidence']['functions'][number]): Judgement {
  return { verdict: 'missed', why: `${service}: "${name}" does not work after recovery (${seen})` };
}

function checkJudgement({ claim, outcome, seen }: Omit<Check, 'id'>): Judgement[] {
  if (outcome === 'yes') return [];
  if (outcome === 'no') return [{ verdict: 'missed', why: `not so: ${claim.en} (${seen})` }];
  return [{ verdict: 'unknown', why: `not known whether ${claim.en} (${seen})` }];
}

/** The objective that came nearest to its limit speaks for all. */
function praise(objectives: readonly ObjectiveResult[]): string {
  const use = ({ measured, exposure, limitMs }: ObjectiveResult) =>
    limitMs === 0 ? 0 : Math.max(measured?.msMax ?? 0, exposure?.ms ?? 0) / limitMs;
  const tightest = objectives.reduce((a, b) => (use(b) > use(a) ? b : a));
  const others = objectives.length - 1;
  return others === 0
    ? tightest.why
    : `${tightest.why}; ${others === 1 ? 'the other objective' : `${others} others`} met too`;
}
