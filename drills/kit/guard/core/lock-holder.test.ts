import { expect, test } from 'vitest';
import { type LockSight, readLockHolder, reasonToTakeOver } from './lock-holder.ts';

const HOLDER = {
  ...{ runId: 'theirs', drillId: 'task-kill', who: 'arn:aws:iam::1:user/a', host: 'here', pid: 7, start: '1' },
  expiresAt: '2026-04-05T02:00:00.000Z',
};
const dead = (): boolean => false;
const sight = (changes: object): LockSight => ({
  ...{ now: new Date('2026-04-05T01:00:00Z'), runId: 'ours', host: 'here', lives: () => true, isOnRecord: () => true },
  ...changes,
});

test.each([
  ['of a living run', {}, undefined],
  ['on another machine, of whose processes nothing is known', { host: 'there', lives: dead }, undefined],
  ['on another machine of the same name', { lives: dead, isOnRecord: () => false }, undefined],
  ['of a dead process of this machine', { lives: dead }, /process 7 .* is dead/],
  ['that has expired', { now: new Date('2026-04-05T02:00:00Z') }, /expired/],
  ['of this very run', { runId: 'theirs' }, /own/],
])('a lock %s', (_name, changes, says) => {
  const reason = reasonToTakeOver(readLockHolder(JSON.stringify(HOLDER))!, sight(changes));
  if (says === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(says);
});

test.each([undefined, '', 'null', '{}', 'a word', JSON.stringify({ ...HOLDER, expiresAt: 'soon' })])(
  'what no drill has written is nobody’s to take away: %s',
  (value) => expect(readLockHolder(value)).toBeUndefined(),
);
