import { tryUntil } from '../../fixtures/core/until.ts';
import { experimentOf } from '../../fixtures/fis/experiment.ts';
import { knownDatabase } from '../../fixtures/stages/known.ts';
import { type InOneZone, servicesInOneZone, whatIsNotWhole } from '../../fixtures/stages/whole.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { summarizeOutages } from '../../probes/core/outage.ts';
import type { Check } from '../../reports/core/evidence.ts';
import { awaitWhole } from './await-whole.ts';
import { stableAnswersOf } from './probing.ts';
import type { CheckMaker, Facts, Step } from './spec.ts';

/**
 * Users were served again while the zone was still lost, and still were when it was last seen lost: what comes back with
 * the zone has not recovered from its loss.
 */
export const recoversWhileLost =
  (id: string, claim: Check['claim']): CheckMaker =>
  ({ field, recoveries, answers }) => {
    const told = (outcome: Check['outcome'], seen: string): Check => ({ id, claim, outcome, seen });
    const lostUntilMs = experimentOf(field)?.lastCutAtMs;
    const recovered = recoveries.find((recovery) => recovery.recovered);
    if (recovered === undefined) return told('no', 'nothing has recovered');
    if (lostUntilMs === undefined) return told('unknown', 'no zone was seen cut off');
    const earlyMs = Math.round(lostUntilMs - recovered.endedAtMs);
    if (earlyMs < 0) return told('no', `the zone may have been back ${-earlyMs} ms before the recovery`);
    const users = answers.filter(({ kind, total }) => kind !== 'sql' && kind !== 'canary' && total > 0);
    if (users.length === 0) return told('unknown', 'no probe asked what users ask');
    const troubles = users.flatMap((one) => troubleAt(one, stableAnswersOf(field.system), lostUntilMs) ?? []);
    if (troubles.length > 0) return told('no', troubles.join('; '));
    return told('yes', `the outage still went on ${earlyMs} ms after the recovery`);
  };

/** In words, how a probe was not answered stably at that instant; `undefined` when it was. */
function troubleAt(
  { probe, samples }: Facts['answers'][number],
  stableAnswers: number,
  atMs: number,
): string | undefined {
  const first = samples.findIndex(({ outcome }) => outcome !== 'bad');
  if (first < 0) return `${probe}: no right answer`;
  const { windows } = summarizeOutages(samples.slice(first), { stableAnswers });
  const open = windows.find(({ openedAtMs, closedAtMs }) => openedAtMs <= atMs && (closedAtMs ?? Infinity) > atMs);
  if (open === undefined) return undefined;
  const sinceMs = Math.round(atMs - open.openedAtMs);
  return `${probe}: not answered stably from ${sinceMs} ms before the zone was last seen lost`;
}

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

/** Its database has two zones again, and every service what it should, spread over zones where ECS sees to that. */
export const systemIsWholeAgain = (id: string): Step => ({
  id,
  name: {
    en: 'the system is whole again: the database has its standby in another zone, and every service its tasks',
    ja: 'システムが元どおりになる（DB の待機系が別の AZ にあり、全サービスのタスクがそろう）',
  },
  calls: () => [],
  async run(field) {
    let alone: readonly InOneZone[] = [];
    const { whole, ...seen } = await awaitWhole(field, async (place) => {
      const gaps = await whatIsNotWhole(place);
      alone = await servicesInOneZone(place);
      return [...gaps, ...alone.filter(({ isMended }) => isMended).map(inOneZone)];
    });
    if (!whole) {
      const missing = 'gaps' in seen ? seen.gaps.join('; ') || seen.silence : 'it was not described';
      throw new KunrenError('system-not-whole', `The system is not whole again: ${missing}.`, 'repair it by hand.');
    }
    for (const one of alone) {
      field.warn(`${inOneZone(one)}, and ECS promises to spread them only with availabilityZoneRebalancing ENABLED`);
    }
    const { AvailabilityZone, SecondaryAvailabilityZone = 'no zone that is told' } = await knownDatabase(field);
    return `primary in ${AvailabilityZone}, standby in ${SecondaryAvailabilityZone}, all tasks run and are healthy`;
  },
});

const inOneZone = ({ service, zone }: InOneZone): string => `all tasks of ${service} run in ${zone}`;
