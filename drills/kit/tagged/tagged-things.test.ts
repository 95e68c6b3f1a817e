import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CallLog } from '../../../fixtures/core/api-call.ts';
import type { Field } from '../../../fixtures/core/fault.ts';
import { patienceOf } from '../../../fixtures/core/patience.ts';
import type { Stage } from '../../../fixtures/core/stage.ts';
import { twinClientSettings } from '../../../fixtures/stages/twin.ts';
import { machineClock } from '../../../probes/clock.ts';
import { noExperiment } from '../guard/no-experiment.ts';
import { undoIntent } from '../undo-calls.ts';
import type { Account } from './tagged.ts';
import { taggedThings } from './tagged-things.ts';

/** A proxy on the way to the account, and an emulator that lacks everything, look alike. */
const page = createServer((request, response) => {
  request.resume();
  response.writeHead(403, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
});
beforeAll(() => new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => page.close(resolve)));

function accountOn(kind: Stage['kind'], recovery?: string): Account {
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  const clientSettings = (region: string) => ({ ...twinClientSettings(url, region), maxAttempts: 1 });
  return {
    system: { name: 's', cluster: 'c', regions: { primary: 'r', recovery } },
    stage: { kind, clientSettings, calls: new CallLog() },
    ...{ clock: machineClock, patience: patienceOf('twin'), signal: AbortSignal.timeout(5_000) },
  } as unknown as Account;
}

test.each<{ kind: Stage['kind']; recovery?: string; unseen: number; notOffered: number }>([
  { kind: 'aws', unseen: 7, notOffered: 0 },
  { kind: 'twin', unseen: 7, notOffered: 0 },
  { kind: 'localstack', unseen: 0, notOffered: 7 },
  // Tasks and the lock are only where the system runs.
  { kind: 'aws', recovery: 'elsewhere', unseen: 12, notOffered: 0 },
  { kind: 'localstack', recovery: 'elsewhere', unseen: 0, notOffered: 12 },
  { kind: 'aws', recovery: 'r', unseen: 7, notOffered: 0 },
])('of pages of HTML on stage $kind (recovery region $recovery) $unseen kinds are unseen', async (row) => {
  const { kind, recovery, unseen, notOffered } = row;
  const findings = await taggedThings(accountOn(kind, recovery));
  expect(findings.things).toEqual([]);
  expect(findings.unseen).toHaveLength(unseen);
  expect(findings.notOffered).toHaveLength(notOffered);
});

test('whether an experiment is under way is not asked of a stage without them, and of AWS is never left open', async () => {
  const fieldOn = (kind: Stage['kind']) =>
    ({ ...accountOn(kind), patience: { ...patienceOf('twin'), noticeMs: 100 } }) as unknown as Field;
  expect(await noExperiment(fieldOn('localstack'))).toBe('the stage has no experiments');
  await expect(noExperiment(fieldOn('aws'))).rejects.toThrow('the list of experiments of AWS FIS');
});

test('what an emulator has no API for need not be taken back, and of any other stage that is not believed', async () => {
  const undo = { call: 'fis:DeleteExperimentTemplate', parameters: {} };
  const intent = { call: 'fis:CreateExperimentTemplate', region: 'r', parameters: {}, undo };
  await undoIntent({ ...accountOn('localstack'), runId: 'r' }, intent, 'none');
  const onTwin = undoIntent({ ...accountOn('twin'), runId: 'r' }, intent, 'none');
  await expect(onTwin).rejects.toThrow('does not offer fis:ListExperimentTemplates');
});
