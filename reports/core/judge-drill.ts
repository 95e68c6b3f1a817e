import type { DrillFacts } from './drill-facts.ts';
import { fold } from './drill-verdict.ts';
import type { Phase } from './evidence.ts';
import { isExercise, offsetNote } from './exercise.ts';
import { judgeObjectives, promises } from './judge-objectives.ts';
import { stoppedObjectives, stoppedVerdict } from './judge-stopped.ts';
import { measuredFigures } from './measured-figures.ts';
import { coverageProblem, type ProbeFinding, probeFindings } from './probe-finding.ts';
import type { DrillResult } from './result.ts';
import type { ProbeReading } from './run-document.ts';
import type { Judgement } from './verdict.ts';

/** A drill's verdict, and what each of its probes measured. */
export interface JudgedDrill {
  readonly result: DrillResult;
  readonly readings: readonly ProbeReading[];
}

/**
 * Judges one drill by its evidence alone. Pure: the same facts give the same verdict at any time.
 * What keeps the whole drill from being judged is asked first, so that a green figure cannot outshine it.
 */
export function judgeDrill(facts: DrillFacts): JudgedDrill {
  const { evidence } = facts;
  const findings = probeFindings(evidence, facts.series);
  const readings = findings.filter(({ probe }) => probe.kind !== 'canary').map((finding) => finding.reading);
  const base = {
    id: evidence.drillId,
    checks: evidence.checks.map((check) => ({ ...check, seen: `${check.seen}${offsetNote(evidence, check.id)}` })),
    measured: measuredFigures(facts, findings),
    ...(evidence.truth && { truth: evidence.truth }),
  };
  const barrier = wholeDrillBarrier(facts);
  if (barrier) {
    const objectives = promises(facts).map((promise) => ({ ...promise, measured: null, ...barrier }));
    return { result: { ...base, ...barrier, objectives }, readings };
  }
  const objectives = judgeObjectives(facts, findings, timeBarrier(facts, findings));
  if (evidence.stopped !== undefined) {
    const { by } = evidence.stopped;
    const stopped = stoppedObjectives(objectives, by);
    return { result: { ...base, ...stoppedVerdict(stopped, by), objectives: stopped }, readings };
  }
  return { result: { ...base, ...fold(facts, objectives, base.measured), objectives }, readings };
}

/** Without them nothing was rehearsed. */
const BEFORE_THE_FAULT: readonly Phase[] = ['preflight', 'steady-state', 'arrange', 'inject'];

/** Why nothing at all can be said about this drill; `null` when something can. */
function wholeDrillBarrier({ evidence, scenarios }: DrillFacts): Judgement | null {
  const stopped = evidence.stopped === undefined ? '' : `; stopped by ${evidence.stopped.by}`;
  const unknown = (why: string): Judgement => ({ verdict: 'unknown', why: `${why}${stopped}` });
  if (evidence.notRun !== undefined) return { verdict: 'not-run', why: evidence.notRun };
  if (evidence.undecided !== undefined) return unknown(evidence.undecided);
  const failed = evidence.phases.find(({ phase, outcome }) => outcome === 'failed' && BEFORE_THE_FAULT.includes(phase));
  if (failed) return unknown(`${failed.phase} failed${failed.detail ? `: ${failed.detail}` : ''}`);
  if (evidence.expectsNoOutage) return null;
  if (!isExercise(evidence) && evidence.fault.proof !== 'proved')
    return unknown(`fault not observed: ${evidence.fault.why}`);
  if (!isExercise(evidence) && evidence.fault.injectedAtMs === undefined)
    return unknown('fault not observed: there is no instant of its injection');
  const strange = evidence.scenarios.find((id) => !scenarios.some((scenario) => scenario.id === id));
  return strange === undefined ? null : unknown(`the system description has no scenario "${strange}" to judge by`);
}

/** Why no length of time can be judged; data loss counts rows and can still be `missed`. */
function timeBarrier({ evidence, calibrationHolds }: DrillFacts, findings: readonly ProbeFinding[]): string | null {
  if (!calibrationHolds) return 'the calibration does not hold: the prober mismeasured an outage of known length';
  return coverageProblem(evidence, findings);
}
