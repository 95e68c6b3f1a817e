import { afterEach, expect, test } from 'vitest';
import type { Proof } from '../../fixtures/core/fault.ts';
import { type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { failoverEventsTell, failoverIsOnRecord } from './checks.ts';
import type { Facts } from './spec.ts';

let account: TestAccount;
afterEach(() => account.close());

const STARTED = 'Multi-AZ instance failover started.';
const COMPLETED = 'Multi-AZ instance failover completed';
const ABANDONED = 'Abandoning user requested failover since a failover recently occurred on the database instance.';
const moved: Proof = { proved: true, why: 'the zone has changed' };
const stayed: Proof = { proved: false, why: 'the zone is the same' };

test.each<{ told: string; messages: string[]; proof: Proof; outcome: string; seen: RegExp }>([
  { told: 'of a failover', messages: [STARTED, COMPLETED], proof: moved, outcome: 'yes', seen: /started.*completed/ },
  {
    told: 'of its completion in the older words',
    messages: ['Multi-AZ failover to standby complete - DNS propagation may take a few minutes.'],
    ...{ proof: stayed, outcome: 'yes', seen: /standby complete/ },
  },
  { told: 'that it was abandoned', messages: [ABANDONED], proof: stayed, outcome: 'no', seen: /Abandoning/ },
  {
    told: 'that it was abandoned, though the zone has changed before',
    ...{ messages: [ABANDONED, 'DB instance restarted'], proof: moved, outcome: 'no', seen: /Abandoning/ },
  },
  {
    told: 'that one was abandoned beside one that was completed',
    ...{ messages: [STARTED, ABANDONED, COMPLETED], proof: moved, outcome: 'yes', seen: /Abandoning/ },
  },
  {
    told: 'of a restart only',
    messages: ['DB instance restarted'],
    proof: stayed,
    outcome: 'unknown',
    seen: /no event/,
  },
  { told: 'nothing', messages: [], proof: moved, outcome: 'yes', seen: /no event was delivered; the zone has changed/ },
])('events that tell $told are judged "$outcome"', async ({ messages, proof, outcome, seen }) => {
  account = await testAccount({ rds: { DescribeEvents: [{ Events: messages.map((Message) => ({ Message })) }] } });
  const field = { ...account.field, patience: { ...account.field.patience, watchMs: 60, pollMs: 10 }, note: () => {} };
  const facts = { field, proof, injectedWallAt: new Date() } as unknown as Facts;
  const check = failoverIsOnRecord('failover', { en: 'it is on record', ja: '記録されている' });
  expect(await check(facts)).toMatchObject({ outcome, seen: expect.stringMatching(seen) });
  // What asks for the events themselves is not ticked by what stands in for them.
  const told = await failoverEventsTell('events', { en: 'they tell of it', ja: '記録がある' })(facts);
  expect(told).toMatchObject({ id: /no event/.test(seen.source) ? 'events-not-delivered' : 'events', outcome });
});
