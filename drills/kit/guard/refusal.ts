import { KunrenError } from '../../../probes/core/error.ts';
import type { GuardRailEvidence } from '../../../reports/core/evidence.ts';

/** What keeps drills from doing harm, in the order in which it is looked at. */
export type RuleName =
  | 'account'
  | 'maintenance-window'
  | 'alarms-quiet'
  | 'canary-consent'
  | 'nothing-in-progress'
  | 'blast-radius'
  | 'opt-in-tag'
  | 'vantage'
  | 'lock';

/** How a rule that does not refuse came out. */
export type RuleOutcome = Omit<GuardRailEvidence, 'rule'>;

export const held = (seen: string): RuleOutcome => ({ outcome: 'held', seen });
export const notApplicable = (seen: string): RuleOutcome => ({ outcome: 'not-applicable', seen });

/** A rule that does not let the drill run: nothing has been touched, and it is `not-run`. */
export const refusal = (rule: RuleName, what: string, remedy: string): KunrenError =>
  new KunrenError('refused', `refused by ${rule}: ${what}.`, remedy);
