import { expect, test } from 'vitest';
import { KunrenError } from '../../../../probes/core/error.ts';
import { wordServerError } from './server-error.ts';

const failed = (message: string, code?: string, detail?: string) => Object.assign(new Error(message), { code, detail });

test.each([
  [failed('could not extend file "base/1/2": No space left on device', '53100'), 'disk-full'],
  [failed('canceling statement due to statement timeout', '57014'), 'statement-timeout'],
  [failed('canceling statement due to lock timeout', '55P03'), 'lock-not-granted'],
  [failed('deadlock detected', '40P01'), 'target-changed'],
  [
    failed('duplicate key value violates unique constraint "t_pkey"', '23505', 'Key (id)=(1) already exists.'),
    'target-changed',
  ],
  [failed('new row for relation "t" violates check constraint "c"', '23514'), 'row-not-accepted'],
  [failed('permission denied for table t', '42501'), 'missing-right'],
  [failed('password authentication failed for user "u"', '28P01'), 'missing-right'],
  [failed('terminating connection due to administrator command', '57P01'), 'connection-lost'],
  [failed('Connection terminated unexpectedly'), 'connection-lost'],
  [failed('read ECONNRESET', 'ECONNRESET'), 'connection-lost'],
  [failed('', 'ECONNREFUSED'), 'connection-lost'],
  [failed('invalid memory alloc request size 1073741824', 'XX000'), 'row-too-large'],
  [failed('syntax error at or near "x"', '42601'), 'server-refused'],
])('%s is %2$s, in one line', (error, code) => {
  const worded = wordServerError(error, 'production');
  expect(worded.code).toBe(code);
  expect(worded.message).toMatch(/^Production: \w.*Nothing was changed\. Remedy: [^\n]+\]$/);
});

test('the detail is told, a line break is not', () => {
  const { problem } = wordServerError(failed('duplicate\n key', '23505', 'Key (id)=(1) already exists.'), 'restored');
  expect(problem).toBe('The restored database: duplicate key: Key (id)=(1) already exists. Nothing was changed.');
});

test('what is worded already stays as it is', () => {
  const error = new KunrenError('x', 'A.', 'b.');
  expect(wordServerError(error, 'production')).toBe(error);
});
