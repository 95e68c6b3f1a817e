import { expect, test } from 'vitest';
import { configText } from './config-text.ts';
import type { Found } from './found.ts';

const full: Found = {
  region: 'ap-northeast-1',
  database: {
    id: 'shop-db',
    engine: 'postgres',
    multiAz: true,
    instanceClass: 'db.t4g.medium',
    allocatedStorageGiB: 20,
    name: 'shop',
    masterUser: 'shop_owner',
    securityGroups: ['sg-0f1e2d3c4b5a69788'],
    subnetGroup: 'shop-subnets',
    zones: ['ap-northeast-1a', 'ap-northeast-1c'],
    parameterGroup: { name: 'shop-postgres18', parameters: { timezone: 'Asia/Tokyo' } },
    publiclyAccessible: false,
    deletionProtection: true,
    retentionDays: 35,
  },
  cluster: 'Shop_Prod',
  services: [
    {
      name: 'web',
      desiredCount: 2,
      memoryMiB: 512,
      stopTimeoutS: 10,
      logGroup: '/ecs/web',
      environmentNames: ['API_KEY', 'LOCALE'],
      hosts: ['www.shop.example', 'shop.example'],
      health: { path: '/health', status: '200' },
    },
  ],
  otherRegions: [{ region: 'ap-northeast-3', seenIn: 'stack shop-dr' }],
  notAsked: [{ what: 'Route 53, for names', why: 'the endpoint does not offer it' }],
};

const bare: Found = {
  ...full,
  database: {
    ...{ id: 'old', engine: 'aurora-postgresql', multiAz: false, instanceClass: 'db.r5.large', allocatedStorageGiB: 1 },
    ...{ masterUser: "o'wner", securityGroups: [], zones: ['ap-northeast-1a'] },
    ...{ publiclyAccessible: true, deletionProtection: false, retentionDays: 0 },
  },
  services: [
    { name: 'job', launchType: 'EC2', desiredCount: 0, environmentNames: [], hosts: [] },
    {
      ...{ name: 'api', desiredCount: 1, environmentNames: [], hosts: ['lb.example'] },
      health: { path: '/', status: '200-299' },
    },
  ],
  otherRegions: [],
  notAsked: [],
};

test('what was found stands in the file, and what only people know is marked', () =>
  expect(configText(full)).toMatchFileSnapshot('golden/full.txt'));

test('no name that the account holds becomes code', () => {
  const evil = { region: 'eu-west-1', seenIn: "a\nprocess.exit(1); '" };
  const [service] = full.services;
  const text = configText({
    ...full,
    cluster: "c'];\nprocess.exit(1);",
    otherRegions: [evil],
    services: [{ ...service!, name: "\\'", environmentNames: ['A\u2028process.exit(1)'] }],
  });
  expect(text.split(/[\r\n\u2028]/).filter((line) => line.startsWith('process'))).toEqual([]);
  expect(text).toContain(String.raw`name: '\\\'',`);
});

test('what was not found, or stands in the way, is marked too', () =>
  expect(configText(bare)).toMatchFileSnapshot('golden/bare.txt'));
