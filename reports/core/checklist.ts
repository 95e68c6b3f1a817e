import type { Check } from './evidence.ts';
import { breaksNothing } from './exercise.ts';
import type { DrillRecord, ScenarioSnapshot } from './run-document.ts';
import type { Bilingual } from './wording.ts';

/** An item of the runbook's checklist and what stands for it in the evidence. */
export interface ChecklistItem {
  readonly id: string;
  readonly text: Bilingual;
  /** `person`: left to a person by the system description. `no evidence`: nothing in this run speaks of it. */
  readonly state: 'ticked' | 'no' | 'unknown' | 'person' | 'no evidence';
  readonly seen: string;
}

const STATE_OF_OUTCOME = { yes: 'ticked', no: 'no', unknown: 'unknown' } as const;
const STATE_OF_VERDICT = { met: 'ticked', missed: 'no', unknown: 'unknown', 'not-run': 'unknown' } as const;

/**
 * The checklist of one scenario, ticked by a drill's evidence: by the check of the same id, or, for
 * the ids `rto`, `rpo` and `downtime`, by the objective. Nothing is ticked by a drill that was to break
 * something and did not prove it, and nothing that the system description leaves to a person.
 */
export function checklist({ evidence, result }: DrillRecord, scenario: ScenarioSnapshot): ChecklistItem[] {
  const { fault } = evidence;
  return scenario.checklist.map(({ id, text, by }) => {
    if (by === 'person') return { id, text, state: 'person', seen: '' };
    const check = result.checks.find((candidate) => candidate.id === id);
    const objective = result.objectives.find(
      (candidate) => candidate.scenario === scenario.id && candidate.name.toLowerCase() === id,
    );
    if (!check && !objective) return { id, text, state: 'no evidence', seen: '' };
    if (fault.proof !== 'proved' && !breaksNothing(evidence)) {
      return { id, text, state: 'unknown', seen: `fault not observed: ${fault.why}` };
    }
    if (check) return { id, text, state: STATE_OF_OUTCOME[check.outcome], seen: check.seen };
    return { id, text, state: objective ? STATE_OF_VERDICT[objective.verdict] : 'unknown', seen: objective?.why ?? '' };
  });
}

/**
 * The checks that the steps of the procedure do not already tell in the same words. One that came out badly, or that
 * says more than its step (that it rests on a declared history), stays.
 */
export function checksToTell({ evidence: { steps = [] }, result }: DrillRecord): readonly Check[] {
  const told = ({ claim, outcome, seen }: Check) =>
    outcome === 'yes' &&
    steps.some((step) => step.outcome === 'done' && step.name.en === claim.en && step.detail === seen);
  return result.checks.filter((check) => !told(check));
}
