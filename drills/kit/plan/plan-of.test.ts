import { expect, test } from 'vitest';
import { loadSystem } from '../../../fixtures/system-file.ts';
import { readDrills } from '../drill-files.ts';
import { costOf } from './core/cost.ts';
import { callsOf } from './core/plan.ts';
import { planText } from './core/plan-text.ts';
import { planOf } from './plan-of.ts';

const { system, path } = await loadSystem();
const [spec] = await readDrills(['backup-restore'], system, path);
const plan = planOf('backup-restore', spec!, system, undefined);
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
