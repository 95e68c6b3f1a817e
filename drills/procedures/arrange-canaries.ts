import type { Step } from '../kit/spec.ts';
import { writeCanaries } from './canaries.ts';

/** Of those that are destroyed: three seconds' worth and more, so that some lie on both sides of any whole second. */
const DESTROYED = 24;
/** Of those on one side of an instant that the drill itself chooses. */
const ONE_SIDE = 8;

/** A step that writes `count` canaries and leaves them in the book under `slot`. */
const canaries = (slot: 'canaries' | 'laterCanaries', file: string, count: number, name: Step['name']): Step => ({
  id: `${file}-written`,
  name,
  writes: true,
  async run(field, book) {
    book[slot] = await writeCanaries(field, file, count);
    return `${count} canaries are acknowledged and found again`;
  },
});

/** Canaries up to the very moment of the fault, which are destroyed with the other rows. */
export const canariesToLose = canaries('canaries', 'canaries', DESTROYED, {
  en: 'Canaries are written among the rows',
  ja: '対象の行に目印の行を書き込んだ',
});

/** Canaries before the instant that is restored to. */
export const canariesBefore = canaries('canaries', 'canaries', ONE_SIDE, {
  en: 'Canaries are written before the restored instant',
  ja: '復元時点より前の目印の行を書き込んだ',
});

/** Canaries after it: a restore that held them would be of another instant. */
export const canariesAfter = canaries('laterCanaries', 'later-canaries', ONE_SIDE, {
  en: 'Canaries are written after the restored instant',
  ja: '復元時点より後の目印の行を書き込んだ',
});
