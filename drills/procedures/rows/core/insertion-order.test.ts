import { expect, test } from 'vitest';
import { insertionOrder } from './insertion-order.ts';

/** `b>a`: b refers to a. */
const references = (drawing: string) =>
  drawing
    .split(' ')
    .filter((arrow) => arrow !== '')
    .map((arrow) => ({ child: arrow[0]!, parent: arrow[2]! }));

test.each([
  ['', [['a'], ['b'], ['c']]],
  ['a>b b>c', [['c'], ['b'], ['a']]],
  ['a>a', [['a'], ['b'], ['c']]],
  ['a>b b>a', [['a', 'b'], ['c']]],
  ['a>b b>c c>a', [['a', 'b', 'c']]],
  ['a>b c>a b>a', [['a', 'b'], ['c']]],
  ['a>c b>c a>b', [['c'], ['b'], ['a']]],
])('with %o the order is %o', (drawing, groups) => {
  expect(insertionOrder(['a', 'b', 'c'], references(drawing))).toEqual(groups);
});
