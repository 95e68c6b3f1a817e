import { expect, test } from 'vitest';
import { loadSystem } from '../../../fixtures/system-file.ts';
import { readDrills } from '../drill-files.ts';
import { costOf } from './core/cost.ts';
import { callsOf } from './core/plan.ts';
import { planText } from './core/plan-text.ts';
import { planOf } from './plan-of.ts';

const { system, path } = await loadSystem();
const [spec] = await readDrills(['backup-restore'], system, path);
const plan = planOf('backup-restore', spec!, system, { kind: 'twin' });
const prices = {
  ...{ currency: 'USD', asOf: '2026-11-01', source: 'made up' },
  perUnit: { 'db.t4g.medium': 0.5, 'fargate-task': 0.25 },
};

test('the calls come in the order in which the drill makes them', () => {
  const order = callsOf(plan).map(({ call }) => call);
  const marks = ['sts:GetCallerIdentity', 'rds:CreateDBSnapshot', 'rds:RestoreDBInstanceFromDBSnapshot', 'ecs:RunTask'];
  const places = [...marks, 'rds:DeleteDBInstance', 'ssm:DeleteParameter'].map((mark) => order.indexOf(mark));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('whatever is made says how it is taken back', () => {
  const making = callsOf(plan).filter(({ call }) => /:(Create|Restore|Run|Put)/.test(call));
  expect(making.length).toBeGreaterThan(3);
  expect(making.filter(({ undo }) => undo === undefined)).toEqual([]);
});

const consent = { by: 'the owner', on: '2026-04-01' };
const canary = { marker: 'kunren-', cleanUp: { method: 'DELETE' as const, path: '/orders/{reference}' }, consent };
const [service] = system.services;
const place = { name: { en: 'An order is placed', ja: '発注' }, request: { method: 'POST', path: '/orders' } } as const;
const shop = { ...service!, host: 'h', functions: [...service!.functions, { ...place, expect: { status: 201 } }] };

test.each([
  { kind: 'aws', guardRails: { ...system.guardRails, canary }, holds: ['write probes', 'clean-up'], lacks: ['placed'] },
  { kind: 'aws', guardRails: system.guardRails, holds: [], lacks: ['write probes', 'clean-up', 'placed'] },
  { kind: 'twin', guardRails: system.guardRails, holds: ['write probes', 'placed'], lacks: ['clean-up'] },
] as const)('on stage $kind the system is sent $holds, and not $lacks', ({ kind, guardRails, holds, lacks }) => {
  const { besides } = planOf('x', spec!, { ...system, services: [shop], guardRails }, { kind });
  const text = besides.join('\n');
  expect(text).toMatch(/function "The facilities are listed" of .*: GET https:\/\/h\/facilities$/m);
  for (const part of holds) expect(text).toContain(part);
  for (const part of lacks) expect(text).not.toContain(part);
});

test('a drill that is not run there is told so before all else', () => {
  const unrun = planOf('x', spec!, system, { kind: 'aws', notRun: 'it has no way in' });
  const [, second] = planText(unrun, system, { stage: 'aws', account: '*' }).split('\n');
  expect(second).toBe('NOT RUN on stage aws: it has no way in');
  expect(planText(plan, system, { stage: 'twin', account: '*' })).not.toContain('NOT RUN');
});

test('what is paid by the minute is paid for the minutes of the outage, however long the drill takes', async () => {
  const [outage] = await readDrills(['az-outage'], system, path);
  const planned = planOf('az-outage', outage!, system, { kind: 'aws' });
  // The runbook promises five minutes, and the zone is lost for ten.
  expect(planned.expectedMs).toBeGreaterThan(600_000);
  const { lines } = costOf(planned, system.prices);
  expect(lines).toEqual([{ unit: 'fis-action-minute', amount: 10, price: 1 }]);
});

test('costs are hours of what runs times a configured price, and unknown without one', () => {
  const hours = plan.expectedMs / 3_600_000;
  expect(costOf(plan, prices).total).toBeCloseTo(hours * 0.75);
  expect(costOf(plan, undefined).total).toBeUndefined();
});

test('the text names account, calls, undo, actions and the date of the prices', () => {
  const text = planText(plan, { ...system, prices }, { stage: 'aws', account: '123456789012' });
  for (const part of [
    'account 123456789012',
    'rds:CreateDBSnapshot in ap-northeast-1',
    'taken back by: rds:DeleteDBInstance facility-prod-db-restored-*',
    'IAM actions needed: ',
    'prices of 2026-11-01, made up',
    'Nothing has been asked and nothing was touched.',
  ])
    expect(text).toContain(part);
});
