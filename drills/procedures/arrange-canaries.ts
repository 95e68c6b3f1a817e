import type { Step } from '../kit/spec.ts';
import { writeCanaries } from './canaries.ts';

/** Of those that are destroyed: three seconds' worth and more, so that some lie on both sides of any whole second. */
const DESTROYED = 24;
/** Of those on one side of an instant that the drill itself chooses. */
const ONE_SIDE = 8;

/** Canaries up to the very moment of the fault, which are destroyed with the other rows. */
export const canariesToLose: Step = {
  id: 'canaries-written',
  name: { en: 'Canaries are written among the rows', ja: '対象の行に目印の行を書き込んだ' },
  async run(field, book) {
    book.canaries = await writeCanaries(field, 'canaries', DESTROYED);
    return `${DESTROYED} canaries are acknowledged and found again`;
  },
};

/** Canaries before the instant that is restored to. */
export const canariesBefore: Step = {
  id: 'canaries-written',
  name: { en: 'Canaries are written before the restored instant', ja: '復元時点より前の目印の行を書き込んだ' },
  async run(field, book) {
    book.canaries = await writeCanaries(field, 'canaries', ONE_SIDE);
    return `${ONE_SIDE} canaries are acknowledged and found again`;
  },
};

/** Canaries after it: a restore that held them would be of another instant. */
export const canariesAfter: Step = {
  id: 'later-canaries-written',
  name: { en: 'Canaries are written after the restored instant', ja: '復元時点より後の目印の行を書き込んだ' },
  async run(field, book) {
    book.laterCanaries = await writeCanaries(field, 'later-canaries', ONE_SIDE);
    return `${ONE_SIDE} canaries are acknowledged and found again`;
  },
};
