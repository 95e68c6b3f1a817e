import { expect, test } from 'vitest';
import { isAsked } from './steady.ts';

test.each([
  ['aws', 'GET', true],
  ['aws', 'HEAD', true],
  // What it writes carries no mark, so that nobody could find it again.
  ['aws', 'POST', false],
  ['aws', 'DELETE', false],
  ['twin', 'POST', true],
  ['localstack', 'DELETE', true],
] as const)('on stage %s a function by %s is asked: %s', (kind, method, asked) => {
  expect(isAsked({ kind }, { method })).toBe(asked);
});
