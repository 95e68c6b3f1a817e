import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { LocalstackContainer } from '@testcontainers/localstack';
import { expect, test } from 'vitest';
import { engineMissing } from '../../drills/containers/container-engine.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { attachLocalstack } from '../../fixtures/stages/localstack.ts';

/** As in docker-compose.yml. */
const IMAGE = 'localstack/localstack:2026.3.0';

const token = process.env['LOCALSTACK_AUTH_TOKEN'];
const missing =
  (await engineMissing(5_000)) ??
  (token === undefined
    ? 'LOCALSTACK_AUTH_TOKEN is not set, without which LocalStack ends since March 2026'
    : undefined);

test(`LocalStack in a container tells who we are${missing === undefined ? '' : ` (skipped: ${missing})`}`, {
  timeout: 180_000,
}, async ({ skip }) => {
  if (missing !== undefined) return skip(missing);
  const container = await new LocalstackContainer(IMAGE).withEnvironment({ LOCALSTACK_AUTH_TOKEN: token! }).start();
  try {
    const endpoint = container.getConnectionUri();
    const { sts } = clientsOf(attachLocalstack({ kind: 'localstack', endpoint, hosts: {} }), 'ap-northeast-1');
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toMatch(/^\d{12}$/);
  } finally {
    await container.stop();
  }
});
