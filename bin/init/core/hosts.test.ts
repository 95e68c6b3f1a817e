import { expect, test } from 'vitest';
import { hostsOfService, type RuleSeen } from './hosts.ts';

const OWN = 'My-ALB-1.eu-west-1.elb.amazonaws.com';
const own = OWN.toLowerCase();
const hosts = (...Values: string[]) => [{ Field: 'host-header', HostHeaderConfig: { Values } }];
const toWeb = [{ TargetGroupArn: 'web' }];

test.each<[string, RuleSeen[], string[]]>([
  ['a rule’s hosts', [{ Actions: toWeb, Conditions: hosts('a.example', 'b.example') }], ['a.example', 'b.example']],
  [
    'a weighted rule, in the older form',
    [
      {
        Actions: [{ ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'blue' }, { TargetGroupArn: 'web' }] } }],
        Conditions: [{ Field: 'host-header', Values: ['a.example'] }],
      },
    ],
    ['a.example'],
  ],
  [
    'another service’s rule',
    [{ Actions: [{ TargetGroupArn: 'api' }], Conditions: hosts('api.example') }],
    ['www.example', 'shop.example', own],
  ],
  ['a pattern', [{ Actions: toWeb, Conditions: hosts('*.example') }], ['www.example', 'shop.example', own]],
  ['the default rule', [{ Actions: toWeb, Conditions: [] }], ['www.example', 'shop.example', own]],
])('%s', (_what, rules, expected) =>
  expect(
    hostsOfService(rules, ['web'], OWN, [
      { name: 'www.example', leadsTo: `dualstack.${own}` },
      { name: 'other.example', leadsTo: `not-${own}` },
      { name: 'shop.example', leadsTo: own },
    ]),
  ).toEqual(expected),
);
