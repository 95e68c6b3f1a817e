import { expect, test } from 'vitest';
import { refuseUnlikeServers, type ServerFacts } from './server-pair.ts';

const facts = (changes: Partial<ServerFacts>): ServerFacts => ({
  label: 'x at y',
  version: 18,
  inRecovery: false,
  readOnly: false,
  replicationRole: 'origin',
  ...changes,
});

test('servers of one version, both out of recovery, are a pair', () => {
  expect(() => refuseUnlikeServers(facts({ readOnly: true }), facts({}))).not.toThrow();
});

test.each<[string, Partial<ServerFacts>, Partial<ServerFacts>]>([
  ['target-is-replica', {}, { inRecovery: true, readOnly: true }],
  ['target-read-only', {}, { readOnly: true }],
  ['source-in-recovery', { inRecovery: true, readOnly: true }, {}],
  ['versions-differ', { version: 17 }, {}],
  ['foreign-keys-off', {}, { replicationRole: 'replica' }],
])('%s is refused', (code, restored, production) => {
  expect(() => refuseUnlikeServers(facts(restored), facts(production))).toThrow(expect.objectContaining({ code }));
});
