import { tryUntil } from '../../fixtures/core/until.ts';
import { experimentOf } from '../../fixtures/fis/experiment.ts';
import { knownDatabase } from '../../fixtures/stages/known.ts';
import { KunrenError } from '../../probes/core/error.ts';
import type { Check } from '../../reports/core/evidence.ts';
import { awaitWhole } from './await-whole.ts';
import type { CheckMaker, Step } from './spec.ts';

/** Users were served again while the experiment still went on: what comes back with the zone has not recovered from its loss. */
export const recoversWhileLost =
  (id: string, claim: Check['claim']): CheckMaker =>
  ({ field, recoveries }) => {
    const lostUntilMs = experimentOf(field)?.lastCutAtMs;
    const recovered = recoveries.find((recovery) => recovery.recovered);
    if (lostUntilMs === undefined || recovered === undefined) {
      const seen = recovered === undefined ? 'nothing has recovered' : 'no zone was seen cut off';
      return { id, claim, outcome: recovered === undefined ? 'no' : 'unknown', seen };
    }
    const earlyMs = Math.round(lostUntilMs - recovered.endedAtMs);
    return earlyMs >= 0
      ? { id, claim, outcome: 'yes', seen: `the outage still went on ${earlyMs} ms after the recovery` }
      : { id, claim, outcome: 'no', seen: `the zone may have been back ${-earlyMs} ms before the recovery` };
  };

/** The experiment ends by itself, with it the outage. */
export const zoneComesBack = (): Step => ({
  id: 'zone-back',
  name: { en: 'the lost zone comes back', ja: '失われた AZ が戻る' },
  calls: () => [],
  async run(field) {
    const experiment = experimentOf(field);
    const { clock, patience, signal } = field;
    const wait = { name: 'the experiment to end', limitMs: patience.settleMs, everyMs: patience.pollMs, signal };
    await tryUntil(clock, wait, () => (experiment?.hasEnded ? true : undefined));
    const { id = 'none', state = 'never seen', reason = '' } = experiment?.seen ?? {};
    const seen = `experiment ${id} is ${state}${reason === '' ? '' : ` (${reason})`}`;
    if (state !== 'completed') throw new KunrenError('zone-not-back', `${seen}.`, 'look at it in the console of FIS.');
    return seen;
  },
});

/** Its database has two zones again, and every service what it should. */
export const systemIsWholeAgain = (id: string): Step => ({
  id,
  name: {
    en: 'the system is whole again: the database has its standby in another zone, and every service its tasks',
    ja: 'システムが元どおりになる（DB の待機系が別の AZ にあり、全サービスのタスクがそろう）',
  },
  calls: () => [],
  async run(field) {
    const { whole, ...seen } = await awaitWhole(field);
    if (!whole) {
      const missing = 'gaps' in seen ? seen.gaps.join('; ') || seen.silence : 'it was not described';
      throw new KunrenError('system-not-whole', `The system is not whole again: ${missing}.`, 'repair it by hand.');
    }
    const { AvailabilityZone, SecondaryAvailabilityZone } = await knownDatabase(field);
    return `primary in ${AvailabilityZone}, standby in ${SecondaryAvailabilityZone}, all tasks run and are healthy`;
  },
});
