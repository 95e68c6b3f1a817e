import { expect, test } from 'vitest';
import type { Field, Hits } from '../../fixtures/core/fault.ts';
import { hurtService } from './hurt-service.ts';

const field = { system: { services: [{ name: 'api' }, { name: 'billing' }] } } as unknown as Field;
const hits = (tasks: number, zones: string[] = [], instances: string[] = []): Hits => ({
  ...{ targets: ['arn'], tasks, zones, instances },
});

test.each([
  ['a task', hits(1), { service: 'api' }],
  ['a database', hits(0, ['zone-a'], ['db']), {}],
  ['a zone with tasks in it', hits(2, ['zone-a']), {}],
  ['nothing of the account', undefined, {}],
] as const)('a fault that hits %s', (_, hit, service) => {
  expect(hurtService(field, hit)).toEqual(service);
});
