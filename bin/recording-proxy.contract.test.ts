import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListTasksCommand } from '@aws-sdk/client-ecs';
import { ListExperimentsCommand } from '@aws-sdk/client-fis';
import { RebootDBInstanceCommand } from '@aws-sdk/client-rds';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { attachStage } from '../fixtures/stages/attach-stage.ts';
import { clientsOf } from '../fixtures/stages/clients.ts';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy.ts';

/** Answers nothing that a client could use: what is asked is what matters. */
const silent = createServer((request, response) => {
  request.resume();
  response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
});

/** Below the five minutes from which on the SDK corrects its own clock and asks again. */
const SHIFT_MS = 200_000;

let proxy: RecordingProxy;
beforeEach(async () => {
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  proxy = await startRecordingProxy(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`, SHIFT_MS);
});
afterEach(async () => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  await proxy.close();
  await new Promise((resolve) => silent.close(resolve));
});

test('stage aws goes where AWS_ENDPOINT_URL says with every client, and measures how far the clocks are apart', async () => {
  Object.assign(process.env, { AWS_ENDPOINT_URL: proxy.endpoint, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' });
  const stage = attachStage({ kind: 'aws', account: '123456789012' });
  const { rds, ecs, fis } = clientsOf(stage, 'ap-northeast-1');
  await rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'x' })).catch(() => {});
  await ecs.send(new ListTasksCommand({})).catch(() => {});
  await fis.send(new ListExperimentsCommand({})).catch(() => {});
  expect(proxy.calls).toEqual(['RebootDBInstance', 'ListTasks', 'GET /experiments']);
  const { min = 0, max = 0 } = stage.calls.skewMs ?? {};
  expect(min).toBeGreaterThan(SHIFT_MS - 2_000);
  expect(max).toBeLessThan(SHIFT_MS + 2_000);
  expect(stage.calls.since(0)).toMatchObject([{ operation: 'RebootDBInstance', status: 404 }, {}, {}]);
});
