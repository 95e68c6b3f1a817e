import { expect, test } from 'vitest';
import { matchesIdentity } from './identity-pattern.ts';

const ROLE = 'arn:aws:sts::123456789012:assumed-role/dr-drills/alice';

test.each([
  [[ROLE], true],
  [['arn:aws:sts::123456789012:assumed-role/dr-drills/*'], true],
  [['arn:aws:iam::1:user/x', 'arn:aws:sts::123456789012:*/alice'], true],
  [['*'], true],
  [[], false],
  [['arn:aws:sts::123456789012:assumed-role/dr-drills'], false],
  [['arn:aws:sts::123456789012:assumed-role/dr-drills/al'], false],
  // A dot and a plus stand for themselves.
  [['arn:aws:sts::12345678901.:assumed-role/dr-drills/alice'], false],
  [['arn:aws:sts::999999999999:assumed-role/*'], false],
])('%j matches: %s', (patterns, matches) => {
  expect(matchesIdentity(ROLE, patterns)).toBe(matches);
});
