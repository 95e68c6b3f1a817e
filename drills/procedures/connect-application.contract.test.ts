import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Field } from '../../fixtures/core/fault.ts';
import type { System, SystemService } from '../../fixtures/core/system.ts';
import { taskAddress } from '../../fixtures/stages/task-address.ts';
import { type Script, type TestAccount, testAccount } from '../../fixtures/stages/test-account.ts';
import { Book } from './book.ts';
import { connectApplication } from './connect-application.ts';

/** The task: it is healthy. */
const task = createServer((_, response) => response.end('ok'));
beforeAll(() => new Promise<void>((resolve) => task.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => task.close(resolve)));

let account: TestAccount;
afterEach(() => account.close());

const taskArn = 'arn:aws:ecs:r:123456789012:task/c/1';
const missing = { tasks: [], failures: [{ arn: taskArn, reason: 'MISSING' }] };
const running = () => {
  const binding = { bindIP: '127.0.0.1', hostPort: (task.address() as AddressInfo).port };
  return { tasks: [{ taskArn, lastStatus: 'RUNNING', containers: [{ networkBindings: [binding] }] }] };
};
const web = { name: 'web', host: 'web.test', health: { path: '/health' }, functions: [] } as unknown as SystemService;

/** Carries the step out against a restored database; resolves to the address of the task that it has left. */
async function connect(described: Script, more: Partial<Field['patience']> = {}) {
  account = await testAccount({
    ecs: {
      DescribeServices: [{ services: [{ serviceName: 'web', taskDefinition: 'web:1' }] }],
      RunTask: [{ tasks: [{ taskArn, lastStatus: 'PROVISIONING' }] }],
      DescribeTasks: described,
    },
  });
  const { field } = account;
  const abilities = { taskAddress: (arn: string) => taskAddress(field.stage, arn) };
  const system = { ...field.system, services: [web], data: { service: 'web' } } as unknown as System;
  const book = new Book();
  book.restored = { id: 'restored', url: 'postgres://restored' };
  const patience = { ...field.patience, ...more };
  await connectApplication.run({ ...field, patience, system, stage: { ...field.stage, abilities } }, book);
  return book.task;
}

test('a task that is MISSING twice after it was started is waited for, and not started again', async () => {
  const port = (task.address() as AddressInfo).port;
  expect(await connect([missing, missing, running])).toEqual({ address: '127.0.0.1', port });
  expect(account.asked.filter((operation) => operation === 'RunTask')).toHaveLength(1);
});

test('a task that is MISSING for ever after it was started is an error at the deadline, by its name', async () => {
  const error = await connect([missing], { automaticMs: 300 }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'wait-limit', problem: expect.stringContaining(`task ${taskArn} of web`) });
});
