import { expect, test } from 'vitest';
import { chooseRestore, lastSecondBefore } from './restore-choice.ts';

const at = (time: string): Date => new Date(`2025-10-25T${time}Z`);
const window = { earliest: at('02:00:00'), latest: at('03:35:00') };

test.each([
  ['03:30:00.000', '03:29:59.000'],
  ['03:30:00.999', '03:29:59.000'],
  ['03:30:01.000', '03:30:00.000'],
])('for a deletion that began at %s the state of %s is restored', (began, restored) => {
  const deletion = { notBefore: at(began), notAfter: at('03:30:09') };
  expect(lastSecondBefore(deletion)).toEqual(at(restored));
});

test('a time that is archived is restored to, and what it loses is said', () => {
  const choice = chooseRestore(at('03:29:59'), at('03:30:01.500'), window, []);
  expect(choice).toEqual({ kind: 'time', at: at('03:29:59'), lostMsMax: 2_500 });
});

test.each(['03:35:00.001', '12:30:00'])(
  '%s, later than what is archived, is refused before anything is asked',
  (time) => {
    expect(() => chooseRestore(at(time), at(time), window, [])).toThrow(
      expect.objectContaining({ code: 'restore-time-too-late' }),
    );
  },
);

test('a time older than the automated backups is taken from the newest manual snapshot before it', () => {
  const snapshots = [
    { id: 'older', takenAt: at('00:10:00') },
    { id: 'newest-before', takenAt: at('01:00:00') },
    { id: 'after', takenAt: at('01:45:00') },
  ];
  expect(chooseRestore(at('01:30:00'), at('01:30:01'), window, snapshots)).toEqual({
    kind: 'snapshot',
    snapshot: snapshots[1],
    lostMsMax: 1_801_000,
  });
});

test('without such a snapshot it says that there is nothing to restore from', () => {
  const late = [{ id: 'after', takenAt: at('01:45:00') }];
  expect(() => chooseRestore(at('01:30:00'), at('01:30:01'), window, late)).toThrow(
    expect.objectContaining({ code: 'nothing-to-restore-from' }),
  );
});
