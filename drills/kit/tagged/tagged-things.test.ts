import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallLog } from '../../../fixtures/core/api-call.ts';
import { patienceOf } from '../../../fixtures/core/patience.ts';
import type { Stage } from '../../../fixtures/core/stage.ts';
import { twinClientSettings } from '../../../fixtures/stages/twin.ts';
import { machineClock } from '../../../probes/clock.ts';
import type { Account } from './tagged.ts';
import { taggedThings } from './tagged-things.ts';

/** A proxy on the way to the account, and an emulator that lacks everything, look alike. */
const page = createServer((request, response) => {
  request.resume();
  response.writeHead(403, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
});
beforeAll(() => new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => page.close(resolve)));

function accountOn(kind: Stage['kind']): Account {
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  const clientSettings = (region: string) => ({ ...twinClientSettings(url, region), maxAttempts: 1 });
  return {
    system: { name: 's', cluster: 'c', regions: { primary: 'r' } },
    stage: { kind, clientSettings, calls: new CallLog() },
    ...{ clock: machineClock, patience: patienceOf('twin'), signal: AbortSignal.timeout(5_000) },
  } as unknown as Account;
}

test.each([
  ['aws', 7, 0],
  ['twin', 7, 0],
  ['localstack', 0, 7],
] as const)('of pages of HTML on stage %s %i kinds are unseen and %i not offered', async (kind, unseen, notOffered) => {
  const findings = await taggedThings(accountOn(kind));
  expect(findings.things).toEqual([]);
  expect(findings.unseen).toHaveLength(unseen);
  expect(findings.notOffered).toHaveLength(notOffered);
});
