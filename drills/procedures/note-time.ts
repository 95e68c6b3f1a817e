import type { Step } from '../kit/spec.ts';
import { refuseImpossible } from './choose-restore.ts';
import { inBothZones } from './core/zoned-instant.ts';

/** "An hour ago" of drill 2, and how much older than that the history must be, in milliseconds. */
const AGO_MS = 3_600_000;
const MARGIN_MS = 300_000;
/** RDS restores to whole seconds: so long nothing is written on either side of the one that is noted. */
const QUIET_MS = 1_100;

/**
 * Runbook, drill 2: notes the present time and chooses to restore to an hour ago. Where the stage can date its history
 * earlier, what was written until now is dated more than an hour ago; elsewhere a drill's own writes have no such age,
 * so the state of now is restored in place of it. A wish of the operator's goes before both; one that
 * can never be restored is refused, as it says nothing about the system.
 */
export const noteTime: Step = {
  id: 'time-noted',
  name: { en: 'The present time is noted', ja: '現在時刻を記録した' },
  async run(field, book) {
    const { stage, clock, signal, system } = field;
    const { ageHistory } = stage.abilities;
    await clock.sleep(QUIET_MS, signal);
    const now = new Date();
    const noted = `now ${inBothZones(now, system.timeZone)}`;
    if (book.restoreTo !== undefined) {
      await refuseImpossible(field, book.restoreTo);
      await clock.sleep(QUIET_MS, signal);
      return `${noted}; to restore, as asked for: ${inBothZones(book.restoreTo, system.timeZone)}`;
    }
    if (ageHistory === undefined) {
      book.restoreTo = new Date(Math.floor(now.getTime() / 1_000) * 1_000);
      await clock.sleep(QUIET_MS, signal);
      return `${noted}; to restore: this very state, as nothing that the drill has written is an hour old`;
    }
    const byMs = AGO_MS + MARGIN_MS;
    book.calendar.age(byMs, new Date(await ageHistory(byMs)));
    book.clockOffset = { ms: byMs, restsOn: RESTS_ON };
    book.restoreTo = new Date(Math.floor((Date.now() - AGO_MS) / 1_000) * 1_000);
    await clock.sleep(QUIET_MS, signal);
    return `${noted}; to restore, an hour ago: ${inBothZones(book.restoreTo, system.timeZone)}`;
  },
};

/** What would not be known without the declared offset. */
const RESTS_ON = ['rpo', 'restored', 'integrity', 'canaries-on-both-sides'];
