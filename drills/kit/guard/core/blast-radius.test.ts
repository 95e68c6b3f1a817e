import { expect, test } from 'vitest';
import { hitsText, overBlastRadius, strayTargets } from './blast-radius.ts';

const NOTHING = { targets: [], tasks: 0, zones: [], instances: [] };

test.each([
  ['nothing', NOTHING, 1, undefined],
  ['as many tasks as it may', { ...NOTHING, tasks: 2 }, 2, undefined],
  ['one task more', { ...NOTHING, tasks: 3 }, 2, /3 tasks.*tasksMax is 2/],
  ['any number of tasks without a bound', { ...NOTHING, tasks: 9 }, undefined, undefined],
  ['one zone and one instance', { ...NOTHING, zones: ['a'], instances: ['db'] }, 1, undefined],
  ['two zones', { ...NOTHING, zones: ['a', 'c'] }, undefined, /2 zones \(a, c\)/],
  ['two instances', { ...NOTHING, instances: ['x', 'y'] }, undefined, /2 instances \(x, y\)/],
])('%s', (_name, hits, tasksMax, says) => {
  if (says === undefined) expect(overBlastRadius(hits, tasksMax)).toBeUndefined();
  else expect(overBlastRadius(hits, tasksMax)).toMatch(says);
});

test('what is hit is told', () => {
  expect(hitsText({ ...NOTHING, tasks: 1, zones: ['a'], instances: ['db'] })).toBe('1 task, zone a, instance db');
  expect(hitsText(NOTHING)).toBe('nothing of the account');
});

test.each([
  ['arn:aws:rds:ap-northeast-1:123456789012:db:x', false],
  ['arn:aws:rds:ap-northeast-1:999999999999:db:x', true],
  ['arn:aws:rds:us-east-1:123456789012:db:x', true],
  // What names neither account nor region cannot be shown to be in them.
  ['', true],
])('%s lies elsewhere: %s', (arn, strays) => {
  const stray = strayTargets({ ...NOTHING, targets: [arn] }, '123456789012', 'ap-northeast-1');
  expect(stray).toEqual(strays ? [arn] : []);
});
