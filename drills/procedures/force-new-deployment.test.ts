import { afterEach, expect, test } from 'vitest';
import type { SystemService } from '../../fixtures/core/system.ts';
import { type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { forceNewDeployment } from './force-new-deployment.ts';

let account: TestAccount;
afterEach(() => account.close());

test('a new deployment whose answer is lost is not asked for again', async () => {
  const service = { serviceName: 'web', runningCount: 1, desiredCount: 1 };
  const loses = () => {
    throw new Error('the answer is lost');
  };
  account = await testAccount({ ecs: { DescribeServices: [{ services: [service] }], UpdateService: [loses] } });
  const forced = forceNewDeployment(account.field, { name: 'web' } as SystemService);
  await expect(forced).rejects.toMatchObject({ code: 'answer-lost' });
  expect(account.asked.filter((operation) => operation === 'UpdateService')).toHaveLength(1);
});
