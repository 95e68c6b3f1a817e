import { afterEach, expect, test } from 'vitest';
import { type TestAccount, testAccount } from '../../../fixtures/stages/test-account.ts';
import { heldLock } from './lock-parameter.ts';

let account: TestAccount;
afterEach(() => account.close());

const heldBy = (runId: string) => {
  const who = { drillId: 'd', who: 'arn', host: 'h', pid: 1, expiresAt: '2026-04-01T00:00:00Z' };
  return { Parameter: { Value: JSON.stringify({ runId, ...who }) } };
};

test.each([
  ['that still holds it is given back', 'dead', ['GetParameter', 'DeleteParameter']],
  ['that another has taken it over from is left alone', 'living', ['GetParameter']],
])('the lock of a run, and what it takes one over by, %s', async (_name, holderByThen, asked) => {
  account = await testAccount({
    ssm: { GetParameter: [heldBy('dead'), heldBy('dead'), heldBy(holderByThen)], DeleteParameter: [{}] },
  });
  const [lock, takeover] = await heldLock(account.field, 'r');
  expect(takeover?.name).toBe('lock /kunren/lock/undefined/takeover in r');
  account.asked.splice(0);
  expect(lock).toMatchObject({ runId: 'dead', expires: '2026-04-01T00:00:00Z' });
  await lock!.remove({ ...account.field, runId: 'dead' });
  expect(account.asked).toEqual(asked);
});
