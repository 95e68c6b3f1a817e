import { alarmStates } from './alarm-states.ts';
import type { Guarded } from './guarded.ts';
import { held, notApplicable, type RuleOutcome, refusal } from './refusal.ts';

/** No alarm that was named is in ALARM, and each is there: one that was deleted would never stop anything. */
export async function alarmsQuietRule({ field }: Guarded, names: readonly string[]): Promise<RuleOutcome> {
  if (names.length === 0) return notApplicable('the config names no alarm');
  const states = await alarmStates(field, names);
  const absent = names.filter((name) => !states.has(name));
  if (absent.length > 0) {
    const what = `there is no alarm ${absent.join(', ')} in ${field.system.regions.primary}`;
    throw refusal(
      'alarms-quiet',
      what,
      'correct guardRails.alarms and guardRails.stopIf.alarms (by the name and not the ARN) or the stopConditions of fis.template.',
    );
  }
  const ringing = names.filter((name) => states.get(name) === 'ALARM');
  if (ringing.length > 0) {
    const what = `${ringing.join(', ')} is in ALARM before the drill`;
    throw refusal('alarms-quiet', what, 'bring the system in order first; no drill is run on a broken system.');
  }
  const unsure = names.filter((name) => states.get(name) !== 'OK');
  if (unsure.length > 0)
    field.warn(`alarm ${unsure.join(', ')} has too few data before the drill: it may not stop it in time`);
  return held(names.map((name) => `${name} ${states.get(name)}`).join(', '));
}
