import { expect, test } from 'vitest';
import { chooseOne } from './choose-one.ts';

const choose = (all: readonly string[], named?: string) =>
  chooseOne({ what: 'RDS instances', where: 'eu-west-1', flag: '--database', named }, all, (one) => one);

test('the only one, or the one that is named', () => {
  expect(choose(['a'])).toBe('a');
  expect(choose(['a', 'b'], 'b')).toBe('b');
});

test.each([
  [[], undefined, /no RDS instances in eu-west-1.*--region/],
  [['b', 'a'], undefined, /several RDS instances in eu-west-1.*--database: a, b\./],
  [['b', 'a'], 'c', /no "c" among the RDS instances in eu-west-1.*--database: a, b\./],
])('of %j by the name %s: refused', (all, named, says) => expect(() => choose(all, named)).toThrow(says));
