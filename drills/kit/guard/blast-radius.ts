import { hitsText, overBlastRadius } from './core/blast-radius.ts';
import type { GuardedFault } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/** A fault hits no more than one drill may; how long the drill may take is watched while it runs. */
export function blastRadiusRule({ field, armed }: GuardedFault): RuleOutcome {
  const { hits } = armed;
  if (hits === undefined) return notApplicable('the fault names nothing of the account that it hits');
  const { tasksMax } = field.system.guardRails.blastRadius;
  const over = overBlastRadius(hits, tasksMax);
  if (over === undefined) return held(hitsText(hits));
  throw refusal('blast-radius', over, 'narrow the fault, or have the bound widened by who owns the system.');
}
