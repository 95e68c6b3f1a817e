import type { ArmedFault } from '../../../fixtures/core/fault.ts';
import { KunrenError } from '../../../probes/core/error.ts';
import { awaitWhole } from '../await-whole.ts';
import { openIntents, readJournal } from '../journal.ts';
import type { DrillNotes } from '../record.ts';
import type { Running } from '../running.ts';
import { accountRule, askIdentity, checkAnsweredByAws } from './account.ts';
import { checkLockHeld, lockRule } from './account-lock.ts';
import { alarmsQuietRule } from './alarms-quiet.ts';
import { blastRadiusRule } from './blast-radius.ts';
import { canaryConsentRule } from './canary-consent.ts';
import type { Guarded } from './guarded.ts';
import { maintenanceWindowRule, windowClosed } from './maintenance-window.ts';
import { noExperiment } from './no-experiment.ts';
import { optInTagRule } from './opt-in-tag.ts';
import { held, type RuleName, type RuleOutcome, refusal } from './refusal.ts';
import { vantageRule } from './vantage.ts';

/**
 * Looks at every rule that keeps a drill from doing harm, and arms the fault, which breaks nothing. Until the last rule
 * has held nothing but STS and reads is called: the lock is the first change.
 */
export async function checkGuardRails(guarded: Guarded, record: DrillNotes): Promise<ArmedFault> {
  const look = async (rule: RuleName, work: () => Promise<RuleOutcome> | RuleOutcome): Promise<void> => {
    guarded.field.signal.throwIfAborted();
    record.guardRails.push({ rule, ...(await work()) });
  };
  const identity = await askIdentity(guarded);
  await look('account', () => accountRule(guarded, identity));
  await look('maintenance-window', () => maintenanceWindowRule(guarded));
  const { alarms, stopIf } = guarded.field.system.guardRails;
  const named = [...new Set([...alarms, ...stopIf.alarms])];
  await look('alarms-quiet', () => alarmsQuietRule(guarded, named));
  await look('canary-consent', () => canaryConsentRule(guarded));
  await look('nothing-in-progress', () => nothingInProgressRule(guarded));
  const armed = await guarded.spec.fault.arm(guarded.field);
  record.fault = { ...record.fault, blastRadius: armed.blastRadius };
  // A template has stop conditions of its own.
  const more = (armed.stopAlarms ?? []).filter((name) => !named.includes(name));
  if (more.length > 0) await look('alarms-quiet', () => alarmsQuietRule(guarded, more));
  await look('blast-radius', () => blastRadiusRule({ ...guarded, armed }, identity));
  await look('opt-in-tag', () => optInTagRule({ ...guarded, armed }));
  await look('vantage', () => vantageRule(guarded));
  checkAnsweredByAws(guarded);
  await look('lock', () => lockRule(guarded, identity));
  return armed;
}

/**
 * Once more just before the fault: a machine that slept meanwhile may have lost its lock to another, or its window. A
 * stage without locks has none to lose.
 */
export async function checkStillHeld({ field, context, record }: Running): Promise<void> {
  const closed = windowClosed({ field, context });
  if (closed !== undefined) throw closed;
  const isLocked = record.guardRails.some(({ rule, outcome }) => rule === 'lock' && outcome === 'held');
  if (isLocked) await checkLockHeld(field);
}

/**
 * Nothing that an earlier drill has begun is left, no experiment and no deployment, failover or restore is under way: the
 * system is waited for, and refused when it stays unwhole.
 */
async function nothingInProgressRule({ field, context }: Guarded): Promise<RuleOutcome> {
  const open = openIntents(readJournal(context.journal.path));
  if (open.length > 0) {
    const left = open.map(({ drillId, intent }) => `${intent.call} of ${drillId}`).join(', ');
    const what = `not everything that this run has begun was taken back (${left})`;
    const remedy = 'run kunren sweep when the run has ended.';
    // Of what an emulator has made it may forget the tags: it could never be drilled again.
    if (field.stage.kind !== 'localstack') throw refusal('nothing-in-progress', what, remedy);
    field.warn(what);
  }
  const experiments = await noExperiment(field);
  const seen = await awaitWhole(field);
  if (seen.whole) return held(`the system is as it is described; ${experiments}`);
  throw new KunrenError(
    'system-not-whole',
    `refused by nothing-in-progress: the system was not whole before the fault: ${seen.gaps.join('; ') || seen.silence}.`,
    'bring the system to its described state first; no drill is run on a broken system.',
  );
}
