import { expect, test } from 'vitest';
import type { RunOptions } from '../run-context.ts';
import { checkFlags } from './flags.ts';

const ACCOUNT = '123456789012';
const aws = { stage: 'aws', account: ACCOUNT, confirm: 'sample' } as const;
const check = (options: object): void => checkFlags({ seed: 1, ...options } as RunOptions, { name: 'sample' });

test.each([
  ['the twin', { stage: 'twin' }],
  ['rough weather on it', { stage: 'twin', weather: 'rough', spoil: 'any' }],
  ['an endpoint', { stage: 'localstack', endpoint: 'http://127.0.0.1:4566', via: 'fis' }],
  ['an account that is meant', { ...aws, outsideWindow: 'the window is too far off' }],
])('%s may be drilled', (_name, options) => {
  expect(() => check(options)).not.toThrow();
});

test.each([
  ['an unknown stage', { stage: 'moon' }, /--stage moon.*use twin, localstack, aws/],
  ['an unknown weather', { stage: 'twin', weather: 'wet' }, /--weather wet.*fair, rough/],
  ['weather on a stage that has its own', { ...aws, weather: 'rough' }, /--weather.*not aws/],
  ['a spoil of a real system', { ...aws, spoil: 'any' }, /--spoil.*not aws/],
  ['an endpoint of the account', { ...aws, endpoint: 'http://127.0.0.1:1' }, /--endpoint.*not aws/],
  ['an unknown way', { stage: 'twin', via: 'magic' }, /--via magic.*use fis/],
  ['no account', { ...aws, account: undefined }, /--account is missing.*--account 123456789012/],
  ['an account that is none', { ...aws, account: '42' }, /--account is 42/],
  ['no confirmation', { ...aws, confirm: undefined }, /--confirm is missing.*--confirm sample/],
  ['another system confirmed', { ...aws, confirm: 'other' }, /--confirm is other.*--confirm sample/],
  ['a window waived without a reason', { ...aws, outsideWindow: ' ' }, /--outside-window gives no reason/],
])('%s is refused', (_name, options, says) => {
  expect(() => check(options)).toThrow(says);
});
