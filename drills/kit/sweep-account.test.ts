import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { System } from '../../fixtures/core/system.ts';
import { Journal, openIntents, readJournal } from './journal.ts';
import type { KnownRun } from './run-note.ts';
import { sweepAccounts } from './sweep-accounts.ts';

const WHO = 'arn:aws:iam::123456789012:user/alice';
const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><Arn>${WHO}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const DENIED = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>No.</Message></Error></ErrorResponse>';

/** What was asked: region and service of each call. It answers STS, and has nothing else to offer. */
const asked: string[] = [];
/** What the lock's parameters hold, where there are any. */
let lockValue: string | undefined;
/** How far the account's clock is ahead. */
let aheadMs = 0;
/** The service that may not be looked at. */
let denied: string | undefined;
const server = createServer((request, response) => {
  request.resume();
  const [, region, service] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
  asked.push(`${region} ${service}`);
  response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
  if (service === denied) return response.writeHead(403, { 'content-type': 'text/xml' }).end(DENIED);
  const target = String(request.headers['x-amz-target']);
  if (service === 'ssm' && lockValue !== undefined) {
    asked.push(target);
    const Value = lockValue;
    return response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ Parameter: { Value } }));
  }
  if (service === 'sts') return response.writeHead(200, { 'content-type': 'text/xml' }).end(identity);
  return response.writeHead(404, { 'content-type': 'text/html' }).end('<html></html>');
});
const endpoint = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'y');
});
afterEach(() => {
  vi.unstubAllEnvs();
  asked.splice(0);
  lockValue = denied = undefined;
  aheadMs = 0;
});

const systemOf = (identities?: string[]): System =>
  ({
    ...{ name: 's', cluster: 'c', regions: { primary: 'xx-new-1', recovery: 'xx-dr-1' } },
    guardRails: { ...(identities && { identities }) },
  }) as unknown as System;
const aws = { kind: 'aws', account: '123456789012' } as const;

// First: the calls of another test may come late.
test.each<[string[] | undefined, RegExp]>([
  [undefined, /lists nobody who may drill/],
  [['arn:aws:iam::*:user/bob'], /alice is none of/],
])('in an account whose owner has listed %j another sweeps nothing', async (identities, why) => {
  const account = { stage: aws, system: systemOf(identities) };
  await expect(sweepAccounts([], { account, named: [] })).rejects.toThrow(why);
  expect(asked).toEqual(['xx-new-1 sts']);
});

test('what stands in for AWS never says that nothing is left', async () => {
  const account = { stage: aws, system: systemOf([WHO]) };
  const swept = await sweepAccounts([], { account, named: [] });
  expect(swept).toEqual([{ done: [], left: [expect.stringMatching(/^nothing was swept: calls .* went to http:/)] }]);
});

test('a run is looked for where it has worked, wherever the config leads now', async () => {
  const stage = { kind: 'localstack', endpoint: endpoint(), hosts: {} } as const;
  const runIn = (primary: string, name = 's') =>
    ({
      ...{ runId: 'r', lives: false, isClosed: true, open: [], folder: 'none' },
      note: { stage, configPath: 'none', host: 'h', pid: 1, system: { name, regions: { primary } } },
    }) as KnownRun;
  const known = [runIn('xx-old-1'), runIn('xx-old-1'), runIn('xx-else-1', 'another system')];
  await sweepAccounts(known, { account: { stage, system: systemOf() }, named: [] });
  const locks = asked.filter((call) => call.endsWith(' ssm'));
  expect([...new Set(locks)].sort()).toEqual(['xx-new-1 ssm', 'xx-old-1 ssm']);
  expect(asked.filter((call) => call.endsWith(' sts')).sort()).toEqual(['xx-new-1 sts', 'xx-old-1 sts']);
});

const lockOf = (runId: string, expiresAt: string): string =>
  JSON.stringify({ runId, drillId: 'd', who: 'arn', host: 'h', pid: 1, expiresAt });
const removals = (): string[] => asked.filter((call) => call.includes('DeleteParameter'));
const local = () => ({ kind: 'localstack', endpoint: endpoint(), hosts: {} }) as const;
const LOCK = expect.stringMatching(/^lock \/kunren\/lock\/s in xx-new-1, made by run r$/);
const TAKEOVER = expect.stringMatching(/^lock \/kunren\/lock\/s\/takeover in xx-new-1, made by run r$/);

/** Run r, dead, whose journal holds open what nobody can undo; it holds the lock. */
async function deadRun(recovery: string): Promise<KnownRun> {
  const folder = mkdtempSync(join(tmpdir(), 'kunren-sweep-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const undo = { call: 'nobody:Knows', parameters: {} };
  const journal = new Journal(join(folder, 'journal.jsonl'));
  await journal.change('d', { call: 'x', region: 'r', parameters: {}, undo }, async () => {});
  lockValue = lockOf('r', '2026-04-01T00:00:00Z');
  const system = { name: 's', regions: { primary: 'xx-new-1', recovery } };
  const open = openIntents(readJournal(journal.path));
  const note = { ...{ stage: local(), system }, configPath: 'none', host: 'h', pid: 1 };
  return { runId: 'r', lives: false, isClosed: false, open, folder, note };
}

test('the lock of a dead run is kept while something else of it is left', async () => {
  const account = { stage: local(), system: systemOf() };
  const swept = await sweepAccounts([await deadRun('xx-dr-1')], { account, named: [] });
  expect(swept.map(({ left }) => left)).toEqual([[expect.stringMatching(/^run r: nobody:Knows/), LOCK, TAKEOVER]]);
  expect(removals()).toEqual([]);
});

test('it is kept as well while the rest of the run is still to be taken back in other regions', async () => {
  const account = { stage: local(), system: systemOf() };
  const swept = await sweepAccounts([await deadRun('xx-old-1')], { account, named: [] });
  expect(swept.map(({ left }) => left)).toEqual([[], [expect.stringMatching(/^run r: nobody:Knows/), LOCK, TAKEOVER]]);
  expect(removals()).toEqual([]);
});

test('it is kept as well when something could not be looked for', async () => {
  lockValue = lockOf('r', '2026-04-01T00:00:00Z');
  denied = 'ecs';
  const account = { stage: local(), system: systemOf() };
  const [swept] = await sweepAccounts([], { account, named: ['r'] });
  expect(swept?.left).toEqual([expect.stringMatching(/^what is left could not be looked for/), LOCK, TAKEOVER]);
  expect(removals()).toEqual([]);
});

test.each([
  ['has not', -600_000, 0],
  ['has', 0, 2],
])('what %s expired by the clock of the account is treated so', async (_, skewMs, times) => {
  lockValue = lockOf('another', new Date(Date.now() - 60_000).toISOString());
  aheadMs = skewMs;
  const account = { stage: local(), system: systemOf() };
  const [swept] = await sweepAccounts([], { account, named: [] });
  expect(removals()).toHaveLength(times);
  expect(swept?.left.filter((line) => line.includes('may live'))).toHaveLength(2 - times);
});
