import { hitsText, overBlastRadius, strayTargets } from './core/blast-radius.ts';
import type { GuardedFault, Identity } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/**
 * A fault hits no more than one drill may, and of a real account only what the services themselves say is in it: STS may
 * be answered by another than they are. How long the drill may take is watched while it runs.
 */
export function blastRadiusRule({ field, armed }: GuardedFault, { account }: Identity): RuleOutcome {
  const { hits } = armed;
  if (hits === undefined) return notApplicable('the fault names nothing of the account that it hits');
  const region = field.system.regions.primary;
  const stray = field.stage.kind === 'aws' ? strayTargets(hits, account, region) : [];
  if (stray.length > 0) {
    const what = `${stray.join(', ')} is not in ${region} of account ${account}`;
    const remedy = 'look where this shell leads (AWS_PROFILE, AWS_ENDPOINT_URL and those of single services).';
    throw refusal('blast-radius', what, remedy);
  }
  const { tasksMax } = field.system.guardRails.blastRadius;
  const over = overBlastRadius(hits, tasksMax);
  if (over === undefined) return held(hitsText(hits));
  throw refusal('blast-radius', over, 'narrow the fault, or have the bound widened by who owns the system.');
}
