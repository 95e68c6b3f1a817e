import { expect, test } from 'vitest';
import type { Stage } from '../../../fixtures/core/stage.ts';
import type { System } from '../../../fixtures/core/system.ts';
import { mistakenDelete } from '../../../fixtures/faults/mistaken-delete.ts';
import { accountRule, checkAnsweredByAws } from './account.ts';
import { blastRadiusRule } from './blast-radius.ts';
import { canaryConsentRule } from './canary-consent.ts';
import type { Guarded, GuardedFault } from './guarded.ts';
import { maintenanceWindowRule } from './maintenance-window.ts';
import type { RuleOutcome } from './refusal.ts';

const ARN = 'arn:aws:sts::123456789012:assumed-role/dr-drills/alice';
const identity = { account: '123456789012', arn: ARN };
const always = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'].map((day) => ({
  ...{ day, from: '00:00', to: '00:00' },
}));
const consent = { by: 'the owner', on: '2026-04-01' };
const canary = { marker: 'kunren-', cleanUp: { method: 'DELETE', path: '/orders/{reference}' }, consent };
const writes = { request: { method: 'POST', path: '/orders', body: '{"reference":"kunren-{reference}"}' } };

interface Given {
  readonly kind?: Stage['kind'];
  readonly guardRails?: object;
  readonly context?: object;
  readonly spec?: object;
  readonly service?: object;
}

/** A drill of one service on stage aws, in the account that was named. */
function guarded({ kind = 'aws', guardRails = {}, context = {}, spec = {}, service = { writes } }: Given): Guarded {
  const system = { timeZone: 'Asia/Tokyo', guardRails, services: [{ name: 'api', ...service }] };
  return {
    field: { stage: { kind }, system },
    context: { account: '123456789012', ...context },
    spec,
  } as unknown as Guarded;
}

type Rule = (given: Guarded) => RuleOutcome;
const account: Rule = (given) => accountRule(given, identity);
const writing = { arrange: [{ writes: true }] };

test.each<[string, Rule, Given, RegExp]>([
  ['any account of another stage', account, { kind: 'twin' }, /^not-applicable: stage twin: account 1234/],
  ['a listed identity', account, { guardRails: { identities: [ARN] } }, /^held: account 123456789012, arn:/],
  ['another account', account, { context: { account: '9' } }, /refused by account: STS says account 1234.*says 9/],
  ['a list of nobody', account, {}, /refused by account: guardRails\.identities .* lists nobody/],
  ['another identity', account, { guardRails: { identities: ['arn:x'] } }, /refused by account: .* is none of/],
  ['any time elsewhere', maintenanceWindowRule, { kind: 'localstack' }, /^not-applicable: /],
  ['an open window', maintenanceWindowRule, { guardRails: { windows: always } }, /^held: .* lies within \w+day/],
  ['a waiver', maintenanceWindowRule, { context: { outsideWindow: 'why' } }, /^waived: .*Asia\/Tokyo: why$/],
  ['no window', maintenanceWindowRule, {}, /refused by maintenance-window: guardRails\.windows .*--outside-window/],
  ['rows elsewhere', canaryConsentRule, { kind: 'twin', spec: writing }, /^not-applicable: /],
  ['no consent, nothing written', canaryConsentRule, {}, /^held: nothing is written/],
  ['no consent to rows', canaryConsentRule, { spec: writing }, /refused by canary-consent: .*numbered rows/],
  [
    'marked rows',
    canaryConsentRule,
    { guardRails: { canary } },
    /^held: rows marked "kunren-", agreed to by the owner/,
  ],
  [
    'rows without the mark',
    canaryConsentRule,
    { guardRails: { canary: { ...canary, marker: 'drill-' } } },
    /refused by canary-consent: the request of writes of api does not hold the marker "drill-"/,
  ],
  [
    'a clean-up of any row',
    canaryConsentRule,
    { guardRails: { canary: { ...canary, cleanUp: { method: 'DELETE', path: '/orders' } } } },
    /refused by canary-consent: the clean-up DELETE \/orders does not say which row it removes/,
  ],
])('%s', (_name, rule, given, says) => {
  let said: string;
  try {
    const { outcome, seen } = rule(guarded(given));
    said = `${outcome}: ${seen}`;
  } catch (error) {
    said = (error as Error).message;
  }
  expect(said).toMatch(says);
});

test('rows of a real system are never deleted', () => {
  expect(mistakenDelete().unavailableOn({ kind: 'aws' } as Stage, {} as System)).toMatch(/never deleted/);
});

test.each([
  ['aws', '999999999999', /refused by blast-radius: .* is not in ap-northeast-1 of account 123456789012/],
  ['aws', '123456789012', /^held: instance db/],
  // Emulators give themselves whatever account they like.
  ['localstack', '999999999999', /^held: instance db/],
] as const)('on stage %s a target that the services say is in account %s', (kind, account, says) => {
  const targets = [`arn:aws:rds:ap-northeast-1:${account}:db:db`];
  const hits = { targets, tasks: 0, zones: [], instances: ['db'] };
  const system = { regions: { primary: 'ap-northeast-1' }, guardRails: { blastRadius: {} } };
  const fault = { field: { stage: { kind }, system }, armed: { hits } } as unknown as GuardedFault;
  const rule = (): string => {
    const { outcome, seen } = blastRadiusRule(fault, identity);
    return `${outcome}: ${seen}`;
  };
  if (says.source.startsWith('refused')) expect(rule).toThrow(says);
  else expect(rule()).toMatch(says);
});

test('numbers of what only stands in for AWS never pass for evidence', () => {
  const asked = (kind: Stage['kind'], ...hosts: string[]) =>
    checkAnsweredByAws({ field: { stage: { kind, calls: { hosts: new Set(hosts) } } } } as unknown as Guarded);
  expect(() => asked('aws', 'sts.ap-northeast-1.amazonaws.com', '127.0.0.1')).toThrow(
    /refused by account: calls of stage aws went to 127\.0\.0\.1, which is no host of AWS\. Remedy: unset AWS_ENDPOINT_URL/,
  );
  expect(() => asked('aws', 'sts.ap-northeast-1.amazonaws.com')).not.toThrow();
  expect(() => asked('localstack', '127.0.0.1')).not.toThrow();
});
