import { expect, test } from 'vitest';
import { missingApi } from '../../fixtures/core/missing-api.ts';
import { KunrenError } from '../../probes/core/error.ts';
import { examine, missing } from './need.ts';

const failing = (error: unknown) =>
  examine({
    name: 'database',
    find: () => {
      throw error;
    },
  });

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

/** One look, by those who wait. */
const looked = (cause: unknown) => new KunrenError('wait-limit', 'Waited 0 ms for it.', 'look.', { cause });

test('what was found is told', async () =>
  expect(await examine({ name: 'database', find: async () => 'it' })).toEqual({
    state: 'ok',
    name: 'database',
    text: 'it',
  }));

test.each([
  ['missing', missing('There is none.', 'make one.'), /There is none\. Remedy: make one\./],
  ['missing', named('DBInstanceNotFoundFault', 'DBInstance x not found.'), /x not found\. Remedy: correct its name/],
  ['unknown', named('AccessDenied', 'not\n authorized'), /AccessDenied: not authorized Remedy: let these credentials/],
  ['unknown', missingApi(named('InvalidAction', ''), 'rds', 'DescribeX', 'localstack'), /does not offer rds:DescribeX/],
  ['unknown', 'odd', /odd/],
  ['unknown', looked(named('AccessDenied', 'not authorized')), /^AccessDenied: not authorized Remedy: let these/],
  ['missing', looked(undefined), /^Waited 0 ms for it\. Remedy: look\./],
])('%s: %s', async (state, error, text) =>
  expect(await failing(error)).toEqual({ state, name: 'database', text: expect.stringMatching(text) }),
);
