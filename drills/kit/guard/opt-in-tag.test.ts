import { afterEach, expect, test } from 'vitest';
import { type TestAccount, testAccount } from '../../../fixtures/stages/test-account.ts';
import type { GuardedFault } from './guarded.ts';
import { optInTagRule } from './opt-in-tag.ts';

let account: TestAccount;
afterEach(() => account.close());

const TASK = 'arn:aws:ecs:r:123456789012:task/c/1';
const WEB = 'arn:aws:ecs:r:123456789012:service/c/web';
const procedure = { name: 'force a new deployment' };
const tagged = (ResourceARN: string) => ({ ResourceARN, Tags: [{ Key: 'drill', Value: 'yes' }] });

test.each<{ what: string; spec: object; carry: readonly string[]; says: RegExp }>([
  { what: 'the task alone, which only is hit', spec: {}, carry: [TASK], says: /^held: drill=yes on \S+task\/c\/1$/ },
  {
    what: 'the task alone, where the services may be deployed anew',
    ...{ spec: { procedure }, carry: [TASK] },
    says: /^refused by opt-in-tag: \S+service\/c\/web does not carry/,
  },
  { what: 'both', spec: { procedure }, carry: [TASK, WEB], says: /^held: .*service\/c\/web$/ },
  {
    what: 'the service alone',
    spec: { procedure },
    carry: [WEB],
    says: /^refused by opt-in-tag: \S+task\/c\/1 does not/,
  },
])('the tag of the owner on $what', async ({ spec, carry, says }) => {
  account = await testAccount({
    ecs: { DescribeServices: [{ services: [{ serviceName: 'web', serviceArn: WEB }] }] },
    tagging: { GetResources: [{ ResourceTagMappingList: carry.map(tagged) }] },
  });
  const guardRails = { optInTag: { key: 'drill', value: 'yes' } };
  const system = { ...account.field.system, services: [{ name: 'web' }], guardRails };
  const field = { ...account.field, system, stage: { ...account.field.stage, kind: 'aws' } };
  const armed = { hits: { targets: [TASK], tasks: 1, zones: [], instances: [] } };
  const said = await optInTagRule({ field, spec, armed } as unknown as GuardedFault).then(
    ({ outcome, seen }) => `${outcome}: ${seen}`,
    ({ problem }) => problem,
  );
  expect(said).toMatch(says);
});
